package io.millrace.core.metrics;

import io.millrace.api.EngineMeter;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A figure that only grows. Thread-safe if its reading is.
 *
 * <p>What was counted too early is taken back by the engine (a receive that reached nobody, a claim that was aborted); to
 * libraries a counter that goes back looks like one that began anew, so the meter stays where it was until the count is
 * there again.
 */
record CounterMeter(
        String name,
        String unit,
        String description,
        Map<String, String> tags,
        LongSupplier reading,
        AtomicLong greatest)
        implements EngineMeter {
    CounterMeter(String name, String unit, String description, Map<String, String> tags, LongSupplier reading) {
        this(name, unit, description, tags, reading, new AtomicLong());
    }

    @Override
    public Kind kind() {
        return Kind.COUNTER;
    }

    @Override
    public long value() {
        return greatest.accumulateAndGet(reading.getAsLong(), Math::max);
    }
}
