package io.millrace.core.concurrent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A few long words on the heap, each alone on its pair of cache lines, so that threads that write different words do not
 * take lines from each other. Thread-safe to the degree that the access mode in each method's name says.
 */
public final class PaddedLongs {
    /** Distance of two words: 128 bytes, since processors fetch lines in pairs. */
    static final int STRIDE = 128 / Long.BYTES;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells;

    /** @param count number of words, all zero at first */
    public PaddedLongs(int count) {
        cells = new long[(count + 1) * STRIDE];
    }

    private static int cell(int word) {
        return (word + 1) * STRIDE - 1;
    }

    public long plain(int word) {
        return cells[cell(word)];
    }

    public long opaque(int word) {
        return (long) CELLS.getOpaque(cells, cell(word));
    }

    public long acquire(int word) {
        return (long) CELLS.getAcquire(cells, cell(word));
    }

    public long volatileRead(int word) {
        return (long) CELLS.getVolatile(cells, cell(word));
    }

    public void plain(int word, long value) {
        cells[cell(word)] = value;
    }

    public void opaque(int word, long value) {
        CELLS.setOpaque(cells, cell(word), value);
    }

    public void release(int word, long value) {
        CELLS.setRelease(cells, cell(word), value);
    }

    public void volatileWrite(int word, long value) {
        CELLS.setVolatile(cells, cell(word), value);
    }

    public boolean cas(int word, long expected, long next) {
        return CELLS.compareAndSet(cells, cell(word), expected, next);
    }

    public long getAndAdd(int word, long delta) {
        return (long) CELLS.getAndAdd(cells, cell(word), delta);
    }

    public long getAndSet(int word, long value) {
        return (long) CELLS.getAndSet(cells, cell(word), value);
    }
}
