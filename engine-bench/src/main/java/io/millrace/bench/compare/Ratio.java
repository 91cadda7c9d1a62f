package io.millrace.bench.compare;

import io.millrace.bench.run.Medians;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How many times as fast, round by round. Immutable.
 *
 * @param median of the ratios within each round
 * @param least in any round
 * @param most in any round
 */
public record Ratio(double median, double least, double most) {
    static Ratio of(List<Double> ours, List<Double> theirs) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(ours.get(i) / theirs.get(i));
        }
        return new Ratio(Medians.of(ratios), Collections.min(ratios), Collections.max(ratios));
    }
}
