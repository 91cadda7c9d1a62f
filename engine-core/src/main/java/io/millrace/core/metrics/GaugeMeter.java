package io.millrace.core.metrics;

import io.millrace.api.EngineMeter;
import java.util.Map;
import java.util.function.LongSupplier;

/** A figure that goes up and down. Thread-safe if its reading is. */
record GaugeMeter(String name, String unit, String description, Map<String, String> tags, LongSupplier reading)
        implements EngineMeter {
    @Override
    public Kind kind() {
        return Kind.GAUGE;
    }

    @Override
    public long value() {
        return Math.max(0, reading.getAsLong());
    }
}
