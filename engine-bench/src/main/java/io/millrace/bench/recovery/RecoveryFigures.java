package io.millrace.bench.recovery;

import io.millrace.bench.run.Medians;
import java.util.Collections;
import java.util.List;

/**
 * How long it took to open the directory. Immutable.
 *
 * @param what was timed
 * @param load what was in the directory
 * @param openNs nanoseconds of each opening; at least one
 * @param offHeapBytes bytes off the heap that the engine held for the messages afterwards
 * @param liveBytes bytes of their records
 * @param logBytes bytes of all segments
 */
public record RecoveryFigures(
        RecoveryCase what, RecoveryLoad load, List<Long> openNs, long offHeapBytes, long liveBytes, long logBytes) {
    private static final double NS_PER_S = 1e9;
    private static final double GIB = 1L << 30;

    /** Copies the list. */
    public RecoveryFigures {
        openNs = List.copyOf(openNs);
    }

    /** Median. */
    public double seconds() {
        return Medians.of(openNs.stream().map(ns -> ns / NS_PER_S).toList());
    }

    /** The shortest. */
    public double leastSeconds() {
        return Collections.min(openNs) / NS_PER_S;
    }

    /** The longest. */
    public double mostSeconds() {
        return Collections.max(openNs) / NS_PER_S;
    }

    /** Live messages per second, at the median. */
    public double messagesPerSecond() {
        return load.messages() / seconds();
    }

    /** Seconds for each GiB of log, at the median. */
    public double secondsPerGib() {
        return seconds() * GIB / logBytes;
    }

    /** Bytes off the heap for each message. */
    public double memoryBytesEach() {
        return (double) offHeapBytes / load.messages();
    }

    /** Bytes of a record beyond the payload. */
    public double recordBytesEach() {
        return (double) liveBytes / load.messages() - load.payloadBytes();
    }

    /** Bytes of the files for each message, beyond the payload. */
    public double fileBytesEach() {
        return (double) logBytes / load.messages() - load.payloadBytes();
    }

    /** What a waiting message takes beyond its payload, in memory and as a record. */
    public double overheadBytesEach() {
        return memoryBytesEach() + recordBytesEach();
    }
}
