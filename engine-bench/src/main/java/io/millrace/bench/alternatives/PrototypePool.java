package io.millrace.bench.alternatives;

import java.nio.ByteBuffer;

/**
 * Blocks of 4 KiB behind a header of 128 bytes, cut from slabs of 512 blocks. A block's number is never 0. Free
 * blocks are handed out last in, first out; retired ones wait for their era, and a pool may be told to let more of
 * them rest, so that the lines of a block have left every cache before it is used again.
 */
final class PrototypePool {

    static final int HEADER = 128;
    static final int BLOCK = HEADER + 4096;
    private static final int PER_SLAB = 512;

    private final PrototypeGate gate;
    private final int resting;
    private final ByteBuffer[] slabs = new ByteBuffer[4096];
    private int next = 1;
    private int[] free = new int[1024];
    private int freeCount;
    private int[] retired = new int[1024];
    private long[] retiredEras = new long[1024];
    private int retiredHead;
    private int retiredCount;

    PrototypePool(PrototypeGate gate) {
        this(gate, 0);
    }

    /** @param resting how many retired blocks stay unused while new ones can be had instead */
    PrototypePool(PrototypeGate gate, int resting) {
        this.gate = gate;
        this.resting = resting;
    }

    ByteBuffer slab(long block) {
        return slabs[(int) (block >>> 9)];
    }

    static int offset(long block) {
        return ((int) block & (PER_SLAB - 1)) * BLOCK;
    }

    /** Bytes taken from the system. */
    synchronized long size() {
        return (long) ((next + PER_SLAB - 1) / PER_SLAB) * PER_SLAB * BLOCK;
    }

    /** A block whose header and whose first word of every 64 bytes are 0. */
    synchronized long allocate() {
        while (retiredCount > resting && gate.isPast(retiredEras[retiredHead])) {
            release(retired[retiredHead]);
            retiredHead = (retiredHead + 1) & (retired.length - 1);
            retiredCount--;
        }
        long block;
        if (freeCount > 0) {
            block = free[--freeCount];
        } else {
            block = next++;
            if (slabs[(int) (block >>> 9)] == null) {
                slabs[(int) (block >>> 9)] = Words.direct(PER_SLAB * BLOCK);
            }
        }
        ByteBuffer slab = slab(block);
        int offset = offset(block);
        for (int i = 0; i < HEADER; i += 8) {
            Words.plain(slab, offset + i, 0);
        }
        for (int i = HEADER; i < BLOCK; i += 64) {
            Words.plain(slab, offset + i, 0);
        }
        return block;
    }

    /** Gives back a block that nobody else has seen. */
    synchronized void release(long block) {
        if (freeCount == free.length) {
            free = java.util.Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = (int) block;
    }

    /** Gives back a block that was just unlinked and may still be read by operations under way. */
    synchronized void retire(long block) {
        if (retiredCount == retired.length) {
            growRetired();
        }
        int index = (retiredHead + retiredCount++) & (retired.length - 1);
        retired[index] = (int) block;
        retiredEras[index] = gate.nextEra();
    }

    private void growRetired() {
        int[] blocks = new int[2 * retiredCount];
        long[] eras = new long[2 * retiredCount];
        for (int i = 0; i < retiredCount; i++) {
            int from = (retiredHead + i) & (retired.length - 1);
            blocks[i] = retired[from];
            eras[i] = retiredEras[from];
        }
        retired = blocks;
        retiredEras = eras;
        retiredHead = 0;
    }
}
