package io.millrace.bench.scale;

import io.millrace.bench.run.Medians;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a step cost, once or as the median of several rounds. Immutable.
 *
 * @param nsEach nanoseconds for each of the count; of a first message the median
 * @param p50Us median of single operations, microseconds
 * @param p99Us 99th percentile of the same
 * @param allocatedBytesEach bytes that were allocated on the heap by the thread, for each
 * @param offHeapBytesEach off-heap bytes that the engine held after the step beyond those of an empty one, for each
 * @param heapBytesEach bytes on the heap after the step and a collection, beyond those before the part, for each
 */
record StepCost(
        double nsEach,
        double p50Us,
        double p99Us,
        double allocatedBytesEach,
        double offHeapBytesEach,
        double heapBytesEach) {
    static StepCost median(List<StepCost> rounds) {
        return new StepCost(
                median(rounds, StepCost::nsEach),
                median(rounds, StepCost::p50Us),
                median(rounds, StepCost::p99Us),
                median(rounds, StepCost::allocatedBytesEach),
                median(rounds, StepCost::offHeapBytesEach),
                median(rounds, StepCost::heapBytesEach));
    }

    private static double median(List<StepCost> rounds, ToDoubleFunction<StepCost> figure) {
        return Medians.of(rounds.stream().map(figure::applyAsDouble).toList());
    }

    /** One line, for {@link #parse}. */
    String toLine() {
        return nsEach + " " + p50Us + " " + p99Us + " " + allocatedBytesEach + " " + offHeapBytesEach + " "
                + heapBytesEach;
    }

    static StepCost parse(String line) {
        String[] parts = line.split(" ", -1);
        return new StepCost(
                Double.parseDouble(parts[0]),
                Double.parseDouble(parts[1]),
                Double.parseDouble(parts[2]),
                Double.parseDouble(parts[3]),
                Double.parseDouble(parts[4]),
                Double.parseDouble(parts[5]));
    }
}
