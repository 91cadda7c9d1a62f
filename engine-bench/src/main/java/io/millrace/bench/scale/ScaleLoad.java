package io.millrace.bench.scale;

import java.util.List;

/**
 * How much of something. Immutable.
 *
 * @param part of what
 * @param count how many, 1 to {@link #MAX_COUNT}
 * @param payloadBytes bytes of each message, 8 to 1 MiB
 */
public record ScaleLoad(ScalePart part, long count, int payloadBytes) {
    /** Most of anything. */
    public static final long MAX_COUNT = 1_000_000_000L;

    /** 1 MiB, what a queue allows unless it is told otherwise. */
    public static final int MAX_PAYLOAD_BYTES = 1 << 20;

    private static final long MIB = 1L << 20;

    /** Beyond the payload: slot, header of the record, rest of a segment; generously. */
    private static final long MESSAGE_BYTES = 192;

    /** A queue with one message has a whole block of slots. */
    private static final long QUEUE_BYTES = 4_352;

    /** For the segments and blocks that are there whatever the load. */
    private static final long FIXED_OFF_HEAP_BYTES = 64 * MIB;

    /** Direct memory beyond what the engine counts. */
    private static final double DIRECT_FACTOR = 1.02;

    private static final long FIXED_HEAP_BYTES = 256 * MIB;
    private static final long QUEUE_HEAP_BYTES = 12_288;
    private static final long DELIVERY_NUMBER_BYTES = 2 * Long.BYTES;

    /** Off-heap limit of the engine. */
    public long offHeapLimit() {
        long each = payloadBytes + MESSAGE_BYTES + (part == ScalePart.QUEUES ? QUEUE_BYTES : 0);
        return FIXED_OFF_HEAP_BYTES + (part == ScalePart.FIRST_MESSAGE ? 0 : count * each);
    }

    /** Heap of the JVM, in bytes. */
    public long heapBytes() {
        return FIXED_HEAP_BYTES
                + switch (part) {
                    case QUEUES -> count * QUEUE_HEAP_BYTES;
                    case IN_FLIGHT -> count * DELIVERY_NUMBER_BYTES;
                    default -> 0;
                };
    }

    /** Direct memory of the JVM, in bytes. */
    public long directBytes() {
        return (long) (offHeapLimit() * DIRECT_FACTOR);
    }

    /** What the JVM is started with. */
    public List<String> jvmOptions() {
        return List.of(
                "-Xmx" + inMib(heapBytes()) + "m",
                "-XX:MaxDirectMemorySize=" + inMib(directBytes()) + "m",
                "-XX:+ExitOnOutOfMemoryError");
    }

    private static long inMib(long bytes) {
        return (bytes + MIB - 1) / MIB;
    }
}
