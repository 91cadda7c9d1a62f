package io.millrace.api;

import io.millrace.api.check.Arguments;

/**
 * What may be chosen when an engine is opened. Immutable.
 *
 * @param offHeapLimit most bytes of off-heap memory that the engine may hold at one time, at least 1 MiB. At the limit
 *     sending is refused with {@link Refusal.Reason#OFF_HEAP_LIMIT}, and goes on when messages have left
 * @param clock where the engine reads the time, not null
 * @param metrics where the engine shows its figures, not null
 */
public record EngineConfig(long offHeapLimit, EngineClock clock, EngineMetrics metrics) {
    private static final long MIN_OFF_HEAP_LIMIT = 1L << 20;

    /**
     * Checks the ranges above.
     *
     * @param offHeapLimit most bytes of off-heap memory
     * @param clock where the engine reads the time
     * @param metrics where the engine shows its figures
     * @throws NullPointerException if the clock or the metrics are null
     * @throws IllegalArgumentException if the limit is below 1 MiB
     */
    public EngineConfig {
        Arguments.atLeast("offHeapLimit", offHeapLimit, MIN_OFF_HEAP_LIMIT);
        Arguments.notNull("clock", clock);
        Arguments.notNull("metrics", metrics);
    }

    /**
     * Half of {@link Runtime#maxMemory()} off-heap, the clock of the machine, and no metrics.
     *
     * @return the configuration of an engine for which nothing was chosen
     */
    public static EngineConfig defaults() {
        long half = Runtime.getRuntime().maxMemory() / 2;
        return new EngineConfig(Math.max(half, MIN_OFF_HEAP_LIMIT), EngineClock.system(), EngineMetrics.none());
    }

    /**
     * This configuration with another limit.
     *
     * @param bytes see {@link #offHeapLimit()}
     * @return a new configuration
     */
    public EngineConfig withOffHeapLimit(long bytes) {
        return new EngineConfig(bytes, clock, metrics);
    }

    /**
     * This configuration with another clock.
     *
     * @param newClock see {@link #clock()}
     * @return a new configuration
     */
    public EngineConfig withClock(EngineClock newClock) {
        return new EngineConfig(offHeapLimit, newClock, metrics);
    }

    /**
     * This configuration with other metrics.
     *
     * @param newMetrics see {@link #metrics()}
     * @return a new configuration
     */
    public EngineConfig withMetrics(EngineMetrics newMetrics) {
        return new EngineConfig(offHeapLimit, clock, newMetrics);
    }
}
