package io.millrace.bench.recovery;

import io.millrace.api.Durability;
import java.util.List;

/**
 * What waits in the directory. Immutable.
 *
 * @param messages how many, 1 to {@link #MAX_MESSAGES}
 * @param payloadBytes bytes of each, 8 to {@link #MAX_PAYLOAD_BYTES}
 * @param durability what they survive; not {@code MEMORY}
 */
public record RecoveryLoad(long messages, int payloadBytes, Durability durability) {
    /** Most messages. */
    public static final long MAX_MESSAGES = 1_000_000_000L;

    /** 1 MiB, what a queue allows unless it is told otherwise. */
    public static final int MAX_PAYLOAD_BYTES = 1 << 20;

    private static final long MIB = 1L << 20;
    private static final long SLOT_BYTES = 96;
    private static final long FIXED_OFF_HEAP_BYTES = 64 * MIB;
    private static final double DIRECT_FACTOR = 1.02;
    private static final int HEAP_MIB = 512;

    /** What a record may take in the log beyond the payload, generously. */
    private static final long RECORD_BYTES = 128;

    /** Off-heap limit of the engine. */
    public long offHeapLimit() {
        return FIXED_OFF_HEAP_BYTES + messages * SLOT_BYTES;
    }

    /** What the JVMs are started with. */
    public List<String> jvmOptions() {
        return List.of(
                "-Xmx" + HEAP_MIB + "m",
                "-XX:MaxDirectMemorySize=" + ((long) (offHeapLimit() * DIRECT_FACTOR) / MIB + 1) + "m",
                "-XX:+ExitOnOutOfMemoryError");
    }

    /** Bytes of memory for a JVM, and for the log in the page cache. */
    public long memoryBytes() {
        return HEAP_MIB * MIB + offHeapLimit() + messages * (payloadBytes + RECORD_BYTES);
    }
}
