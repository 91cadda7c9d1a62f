package io.millrace.bench.alternatives;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** 64-bit words in direct or mapped buffers, each access named after its memory mode. Offsets are multiples of 8. */
final class Words {

    /** Distance in bytes that keeps two hot words apart, including the line that the prefetcher fetches beside one. */
    static final int PADDED = 128;

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private Words() {}

    /** A zeroed direct buffer that starts on a multiple of 64 bytes. */
    static ByteBuffer direct(int size) {
        int lines = (size + 63) / 64;
        ByteBuffer aligned = ByteBuffer.allocateDirect(64 * (lines + 1)).alignedSlice(64);
        return aligned.slice(0, size).order(ByteOrder.nativeOrder());
    }

    static long plain(ByteBuffer words, int offset) {
        return (long) LONGS.get(words, offset);
    }

    static void plain(ByteBuffer words, int offset, long value) {
        LONGS.set(words, offset, value);
    }

    static long acquire(ByteBuffer words, int offset) {
        return (long) LONGS.getAcquire(words, offset);
    }

    static void release(ByteBuffer words, int offset, long value) {
        LONGS.setRelease(words, offset, value);
    }

    /** A store followed by a full fence. */
    static void fenced(ByteBuffer words, int offset, long value) {
        LONGS.setVolatile(words, offset, value);
    }

    static boolean cas(ByteBuffer words, int offset, long expected, long value) {
        return LONGS.compareAndSet(words, offset, expected, value);
    }

    static long getAndSet(ByteBuffer words, int offset, long value) {
        return (long) LONGS.getAndSet(words, offset, value);
    }

    static long getAndAdd(ByteBuffer words, int offset, long delta) {
        return (long) LONGS.getAndAdd(words, offset, delta);
    }

    static long getAndOr(ByteBuffer words, int offset, long bits) {
        return (long) LONGS.getAndBitwiseOr(words, offset, bits);
    }

    static long getAndAnd(ByteBuffer words, int offset, long bits) {
        return (long) LONGS.getAndBitwiseAnd(words, offset, bits);
    }
}
