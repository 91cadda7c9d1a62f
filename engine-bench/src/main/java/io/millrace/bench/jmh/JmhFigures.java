package io.millrace.bench.jmh;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one benchmark came to. Immutable.
 *
 * @param benchmark class and method
 * @param params what was chosen for it, by name
 * @param nsPerOp mean time of an operation, nanoseconds
 * @param errorNs half the width of the 99.9 % confidence interval, NaN if there were too few iterations
 * @param allocatedBytesPerOp bytes on the heap
 */
public record JmhFigures(
        String benchmark, Map<String, String> params, double nsPerOp, double errorNs, double allocatedBytesPerOp) {
    /** Class, method and parameters, for example {@code RawTierBenchmark.offerAndPoll payload=256}. */
    public String name() {
        String[] parts = benchmark.split("\\.", -1);
        String name = parts[parts.length - 2] + "." + parts[parts.length - 1];
        return params.isEmpty()
                ? name
                : name + " "
                        + params.entrySet().stream()
                                .map(param -> param.getKey() + "=" + param.getValue())
                                .collect(Collectors.joining(" "));
    }
}
