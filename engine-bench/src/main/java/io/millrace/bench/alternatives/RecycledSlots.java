package io.millrace.bench.alternatives;

import java.nio.ByteBuffer;

/**
 * The rejected slot table: a fixed number of slots of 64 bytes, taken from a free list (a stack whose head carries a
 * tag against ABA, or a bounded ring) and handed to receivers through a bounded ring of slot numbers. A slot's
 * control word carries a generation, because a slot's address says nothing about which message it holds.
 */
final class RecycledSlots {

    private static final long FREE = 0;
    private static final long READY = 2;
    private static final long IN_FLIGHT = 3;
    private static final long STATE_MASK = 7;
    private static final int GENERATION_SHIFT = 48;
    private static final int NEXT = 8;

    private final ByteBuffer slots;
    private final Ring ready;
    private final Ring freeRing;
    private final ByteBuffer freeHead = Words.direct(Words.PADDED);

    /** @param freeByRing whether free slots wait in a ring (else on a stack) */
    RecycledSlots(int capacity, boolean freeByRing) {
        slots = Words.direct(capacity * 64);
        ready = new Ring(capacity);
        freeRing = freeByRing ? new Ring(capacity) : null;
        for (int slot = capacity - 1; slot >= 0; slot--) {
            pushFree(freeByRing ? capacity - 1 - slot : slot);
        }
    }

    long size() {
        return slots.capacity() + ready.size() + (freeRing == null ? 0 : freeRing.size());
    }

    /** The number of the slot used, or -1 when all are in use. */
    long send() {
        long slot = popFree();
        if (slot < 0) {
            return -1;
        }
        int offset = (int) slot * 64;
        long control = Words.plain(slots, offset);
        Words.plain(slots, offset + 16, slot);
        Words.plain(slots, offset + 24, 1);
        Words.plain(slots, offset + 32, 0);
        Words.getAndSet(slots, offset, control | READY);
        ready.offer(slot);
        return slot;
    }

    /** The handle of a message, generation above slot number, or -1. */
    long receive() {
        while (true) {
            long slot = ready.poll();
            if (slot < 0) {
                return -1;
            }
            int offset = (int) slot * 64;
            long control = Words.acquire(slots, offset);
            if ((control & STATE_MASK) == READY && Words.cas(slots, offset, control, control + (IN_FLIGHT - READY))) {
                Words.plain(slots, offset + 32, Words.plain(slots, offset + 32) + 1);
                return (control >>> GENERATION_SHIFT << 32) | slot;
            }
        }
    }

    boolean ack(long handle) {
        int offset = (int) handle * 64;
        long control = Words.acquire(slots, offset);
        long next = (((control >>> GENERATION_SHIFT) + 1) << GENERATION_SHIFT) | FREE;
        if (control >>> GENERATION_SHIFT != handle >>> 32
                || (control & STATE_MASK) != IN_FLIGHT
                || !Words.cas(slots, offset, control, next)) {
            return false;
        }
        pushFree(handle & 0xFFFFFFFFL);
        return true;
    }

    private void pushFree(long slot) {
        if (freeRing != null) {
            freeRing.offer(slot);
            return;
        }
        while (true) {
            long head = Words.acquire(freeHead, 0);
            Words.plain(slots, (int) slot * 64 + NEXT, head & 0xFFFFFFFFL);
            if (Words.cas(freeHead, 0, head, (((head >>> 32) + 1) << 32) | (slot + 1))) {
                return;
            }
        }
    }

    private long popFree() {
        if (freeRing != null) {
            return freeRing.poll();
        }
        while (true) {
            long head = Words.acquire(freeHead, 0);
            long slot = (head & 0xFFFFFFFFL) - 1;
            if (slot < 0) {
                return -1;
            }
            long next = Words.plain(slots, (int) slot * 64 + NEXT);
            if (Words.cas(freeHead, 0, head, (((head >>> 32) + 1) << 32) | next)) {
                return slot;
            }
        }
    }

    /** Many producers, many consumers, a power of two of cells, each with a turn number beside its value. */
    private static final class Ring {
        private static final int HEAD = Words.PADDED;

        private final int mask;
        private final ByteBuffer cells;
        private final ByteBuffer ends = Words.direct(2 * Words.PADDED);

        Ring(int atLeast) {
            int capacity = atLeast == 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
            mask = capacity - 1;
            cells = Words.direct(capacity * 16);
            for (int i = 0; i < capacity; i++) {
                Words.plain(cells, i * 16, i);
            }
        }

        long size() {
            return cells.capacity();
        }

        boolean offer(long value) {
            while (true) {
                long tail = Words.acquire(ends, 0);
                int cell = ((int) tail & mask) * 16;
                long turn = Words.acquire(cells, cell) - tail;
                if (turn == 0 && Words.cas(ends, 0, tail, tail + 1)) {
                    Words.plain(cells, cell + 8, value);
                    Words.release(cells, cell, tail + 1);
                    return true;
                }
                if (turn < 0) {
                    return false;
                }
            }
        }

        long poll() {
            while (true) {
                long head = Words.acquire(ends, HEAD);
                int cell = ((int) head & mask) * 16;
                long turn = Words.acquire(cells, cell) - (head + 1);
                if (turn == 0 && Words.cas(ends, HEAD, head, head + 1)) {
                    long value = Words.plain(cells, cell + 8);
                    Words.release(cells, cell, head + mask + 1);
                    return value;
                }
                if (turn < 0) {
                    return -1;
                }
            }
        }
    }
}
