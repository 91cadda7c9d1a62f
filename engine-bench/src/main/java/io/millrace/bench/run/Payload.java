package io.millrace.bench.run;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What every message of a benchmark carries: eight bytes for a time stamp, then bytes that a consumer can add up to see
 * whether they arrived. Immutable.
 */
public final class Payload {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int BODY_OFFSET = Long.BYTES;
    private static final byte FIRST_BYTE = 17;
    private static final byte BYTE_STEP = 29;

    private final int length;
    private final long bodySum;

    /** @param length bytes of every message, {@link QueueLoad#MIN_PAYLOAD_BYTES} or more */
    public Payload(int length) {
        this.length = length;
        this.bodySum = sum(newArray());
    }

    /** Bytes of every message. */
    public int length() {
        return length;
    }

    /** The payload with an empty stamp. */
    public byte[] newArray() {
        byte[] bytes = new byte[length];
        byte next = FIRST_BYTE;
        for (int i = BODY_OFFSET; i < length; i++) {
            bytes[i] = next;
            next += BYTE_STEP;
        }
        return bytes;
    }

    /** The same off the heap, in native byte order. */
    public ByteBuffer newBuffer() {
        return ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder()).put(0, newArray());
    }

    /** Writes the first eight bytes. */
    public static void stamp(byte[] payload, long stamp) {
        LONGS.set(payload, 0, stamp);
    }

    static long stamp(byte[] payload) {
        return (long) LONGS.get(payload, 0);
    }

    /** Whether a payload is as it was sent; looks at every byte but the stamp. */
    boolean isIntact(byte[] payload) {
        return payload.length == length && sum(payload) == bodySum;
    }

    /** The same for one that is lent. */
    boolean isIntact(ByteBuffer payload, int offset, int payloadLength) {
        return payloadLength == length && sum(payload, offset, payloadLength) == bodySum;
    }

    private static long sum(byte[] payload) {
        long sum = 0;
        int at = BODY_OFFSET;
        for (; at <= payload.length - Long.BYTES; at += Long.BYTES) {
            sum += (long) LONGS.get(payload, at);
        }
        for (; at < payload.length; at++) {
            sum += payload[at];
        }
        return sum;
    }

    private static long sum(ByteBuffer payload, int offset, int length) {
        long sum = 0;
        int at = offset + BODY_OFFSET;
        int end = offset + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            sum += payload.getLong(at);
        }
        for (; at < end; at++) {
            sum += payload.get(at);
        }
        return sum;
    }
}
