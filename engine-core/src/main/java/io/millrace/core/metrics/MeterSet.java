package io.millrace.core.metrics;

import io.millrace.api.EngineMeter;
import io.millrace.api.EngineMetrics;
import io.millrace.api.check.Arguments;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registered meters of one queue, or of an engine apart from its queues. Thread-safe; all are removed together.
 *
 * <p>It refers to its meters, since libraries often do so only weakly. What a library throws is logged and stays without
 * consequences: nobody should lose a message because a figure could not be shown.
 */
public final class MeterSet {
    /** Made when there is something to say, so that a quiet engine neither loads a logging backend nor asks for one. */
    private static final class Log {
        static final Logger LOGGER = LoggerFactory.getLogger(MeterSet.class);
    }

    private record Registered(EngineMeter meter, EngineMetrics.Registration registration) {}

    private final EngineMetrics metrics;
    private final Map<String, String> tags;
    private final ConcurrentLinkedQueue<Registered> registered = new ConcurrentLinkedQueue<>();

    /** @param tags of every meter of the set */
    public MeterSet(EngineMetrics metrics, Map<String, String> tags) {
        this.metrics = metrics;
        this.tags = Map.copyOf(tags);
    }

    /** Whether anybody wants to see figures; else there is no use in making meters. */
    public boolean isWanted() {
        return metrics != EngineMetrics.none();
    }

    /** Registers a meter of what was done. The reading may go back for a moment; the meter then waits for it. */
    public void count(String name, String unit, String description, LongSupplier reading) {
        register(new CounterMeter(name, unit, description, tags, reading));
    }

    /** Registers a meter of what is there. */
    public void show(String name, String unit, String description, LongSupplier reading) {
        register(new GaugeMeter(name, unit, description, tags, reading));
    }

    /** Registers a meter of what is there, one of several that differ in one more tag. */
    public void show(String name, String tag, String value, String unit, String description, LongSupplier reading) {
        final Map<String, String> all = new TreeMap<>(tags);
        all.put(tag, value);
        register(new GaugeMeter(name, unit, description, Map.copyOf(all), reading));
    }

    private void register(EngineMeter meter) {
        try {
            registered.add(new Registered(meter, Arguments.notNull("registration", metrics.register(meter))));
        } catch (RuntimeException | Error e) {
            Log.LOGGER.warn("a meter is not shown: meter={} tags={}", meter.name(), meter.tags(), e);
        }
    }

    /** Takes all meters back. Idempotent. */
    public void remove() {
        for (Registered each = registered.poll(); each != null; each = registered.poll()) {
            try {
                each.registration().remove();
            } catch (RuntimeException | Error e) {
                Log.LOGGER.warn(
                        "a meter could not be removed: meter={} tags={}",
                        each.meter().name(),
                        each.meter().tags(),
                        e);
            }
        }
    }
}
