package io.millrace.bench.scale;

import java.util.OptionalDouble;

/**
 * What one step came to. Immutable.
 *
 * @param step which
 * @param load of how much
 * @param rounds how often
 * @param cost median of the rounds
 */
public record ScaleFigures(ScaleStep step, ScaleLoad load, int rounds, StepCost cost) {
    /** For example {@code scale-waiting-send}. */
    public String name() {
        return "scale-" + step;
    }

    /** Off-heap bytes beyond the payload, for each message that the engine holds. */
    public OptionalDouble overheadBytes() {
        return step.holdsMessages()
                ? OptionalDouble.of(cost.offHeapBytesEach() - load.payloadBytes())
                : OptionalDouble.empty();
    }
}
