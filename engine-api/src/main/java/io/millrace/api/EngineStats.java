package io.millrace.api;

/**
 * What an engine holds and has done, as far as it concerns all queues. Immutable.
 *
 * <p>The figures are read one after the other while the engine works: each is true at some moment during the call, all
 * of them together only if nothing else is going on.
 *
 * @param queues how many queues exist
 * @param offHeapBytes off-heap bytes that the engine holds now
 * @param offHeapLimit most off-heap bytes that it may hold, see {@link EngineConfig#offHeapLimit()}
 * @param logSegments how many segments the record log has, spare ones included
 * @param logLiveBytes bytes of log records that are still needed
 * @param logBytes bytes of all segments
 * @param blocksInUse blocks of message slots and of their directories in use
 * @param conductorCycles duty cycles of the conductor since the engine was opened
 */
public record EngineStats(
        int queues,
        long offHeapBytes,
        long offHeapLimit,
        long logSegments,
        long logLiveBytes,
        long logBytes,
        long blocksInUse,
        long conductorCycles) {}
