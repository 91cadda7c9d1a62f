package io.millrace;

import io.millrace.api.EngineMetrics;
import io.millrace.api.EngineStats;
import io.millrace.core.metrics.MeterSet;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** The figures of an engine apart from those of its queues, as meters. Thread-safe. */
final class EngineMeters {
    private static final String BYTES = "bytes";

    private final MeterSet meters;
    private final Supplier<EngineStats> stats;

    EngineMeters(EngineMetrics metrics, Supplier<EngineStats> stats) {
        this.meters = new MeterSet(metrics, Map.of());
        this.stats = stats;
    }

    /** Shows the meters. Called once, when the engine can be used. */
    void register() {
        if (meters.isWanted()) {
            registerAll();
        }
    }

    /** Takes them back. Idempotent. */
    void remove() {
        meters.remove();
    }

    private void registerAll() {
        show("queues", "queues", "Queues that exist", EngineStats::queues);
        show("off_heap.used", BYTES, "Off-heap memory that the engine holds", EngineStats::offHeapBytes);
        show("off_heap.limit", BYTES, "Off-heap memory that the engine may hold", EngineStats::offHeapLimit);
        show("log.segments", "segments", "Segments of the record log, spare ones included", EngineStats::logSegments);
        show("log.live", BYTES, "Log records that are still needed", EngineStats::logLiveBytes);
        show("log.size", BYTES, "All segments of the record log", EngineStats::logBytes);
        show("blocks", "blocks", "Blocks of message slots and of their directories in use", EngineStats::blocksInUse);
        meters.count(
                "millrace.engine.conductor.cycles",
                "cycles",
                "Duty cycles of the conductor",
                () -> stats.get().conductorCycles());
    }

    private void show(String what, String unit, String description, ToLongFunction<EngineStats> figure) {
        meters.show("millrace.engine." + what, unit, description, () -> figure.applyAsLong(stats.get()));
    }
}
