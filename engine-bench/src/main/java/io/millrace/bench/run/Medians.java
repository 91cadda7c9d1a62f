package io.millrace.bench.run;

import java.util.Arrays;
import java.util.List;

/** Medians. Stateless. */
public final class Medians {
    private Medians() {}

    /**
     * The value in the middle, or the mean of the two in the middle.
     *
     * @param values at least one, in any order
     */
    public static double of(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
