package io.millrace.api;

import io.millrace.api.check.Arguments;

/**
 * What may be chosen when an engine is opened. Immutable.
 *
 * @param offHeapLimit most bytes of off-heap memory that the engine may hold at one time, at least 1 MiB. At the limit
 *     sending is refused with {@link Refusal.Reason#OFF_HEAP_LIMIT}, and goes on when messages have left
 * @param clock where the engine reads the time, not null
 * @param metrics where the engine shows its figures, not null
 * @param inFlightAtRestart what becomes of messages in flight when a directory is opened again, not null
 * @param sharedDirectory whether a directory may belong to another user, or be writable for others
 * @param networkDirectory whether a directory may lie on a network file system, whose locks and forces may not hold
 */
public record EngineConfig(
        long offHeapLimit,
        EngineClock clock,
        EngineMetrics metrics,
        InFlightAtRestart inFlightAtRestart,
        boolean sharedDirectory,
        boolean networkDirectory) {
    private static final long MIN_OFF_HEAP_LIMIT = 1L << 20;

    /**
     * Checks the ranges above.
     *
     * @param offHeapLimit most bytes of off-heap memory
     * @param clock where the engine reads the time
     * @param metrics where the engine shows its figures
     * @param inFlightAtRestart what becomes of messages in flight
     * @param sharedDirectory whether others may own the directory or write there
     * @param networkDirectory whether it may lie on a network file system
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if the limit is below 1 MiB
     */
    public EngineConfig {
        Arguments.atLeast("offHeapLimit", offHeapLimit, MIN_OFF_HEAP_LIMIT);
        Arguments.notNull("clock", clock);
        Arguments.notNull("metrics", metrics);
        Arguments.notNull("inFlightAtRestart", inFlightAtRestart);
    }

    /**
     * Half of {@link Runtime#maxMemory()} off-heap, the clock of the machine, and no metrics; messages in flight at a
     * restart stay hidden, and a directory must be on this machine and this user's alone.
     *
     * @return the configuration of an engine for which nothing was chosen
     */
    public static EngineConfig defaults() {
        long half = Runtime.getRuntime().maxMemory() / 2;
        return new EngineConfig(
                Math.max(half, MIN_OFF_HEAP_LIMIT),
                EngineClock.system(),
                EngineMetrics.none(),
                InFlightAtRestart.KEEP,
                false,
                false);
    }

    /**
     * This configuration with another limit.
     *
     * @param bytes see {@link #offHeapLimit()}
     * @return a new configuration
     */
    public EngineConfig withOffHeapLimit(long bytes) {
        return new EngineConfig(bytes, clock, metrics, inFlightAtRestart, sharedDirectory, networkDirectory);
    }

    /**
     * This configuration with another clock.
     *
     * @param newClock see {@link #clock()}
     * @return a new configuration
     */
    public EngineConfig withClock(EngineClock newClock) {
        return new EngineConfig(offHeapLimit, newClock, metrics, inFlightAtRestart, sharedDirectory, networkDirectory);
    }

    /**
     * This configuration with other metrics.
     *
     * @param newMetrics see {@link #metrics()}
     * @return a new configuration
     */
    public EngineConfig withMetrics(EngineMetrics newMetrics) {
        return new EngineConfig(offHeapLimit, clock, newMetrics, inFlightAtRestart, sharedDirectory, networkDirectory);
    }

    /**
     * This configuration with another answer to what becomes of messages in flight.
     *
     * @param newValue see {@link #inFlightAtRestart()}
     * @return a new configuration
     */
    public EngineConfig withInFlightAtRestart(InFlightAtRestart newValue) {
        return new EngineConfig(offHeapLimit, clock, metrics, newValue, sharedDirectory, networkDirectory);
    }

    /**
     * This configuration for a directory that belongs to another user or that others may write to. Whoever may write there
     * can change or destroy messages.
     *
     * @return a new configuration
     */
    public EngineConfig allowSharedDirectory() {
        return new EngineConfig(offHeapLimit, clock, metrics, inFlightAtRestart, true, networkDirectory);
    }

    /**
     * This configuration for a directory on a network file system. Two machines may then open it at once, and what was said
     * to be on the disk may not be.
     *
     * @return a new configuration
     */
    public EngineConfig allowNetworkDirectory() {
        return new EngineConfig(offHeapLimit, clock, metrics, inFlightAtRestart, sharedDirectory, true);
    }
}
