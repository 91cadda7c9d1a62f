package io.millrace.bench.alternatives;

import java.nio.ByteBuffer;

/**
 * The intended queue without deadlines and waiters: slots addressed by sequence in chunks of 64, found through a
 * directory of radix 512, a cursor that receivers move, and bits for messages that were published behind it.
 *
 * <pre>
 *  slot, 64 bytes            chunk header, 128 bytes      directory page header, 128 bytes
 *   0 control                  0 returned bits              0..63  summary of returned bits, one per chunk
 *   8 sequence                 8 chunk index + 1            64     retired children
 *  16 position in the log    64 ended count
 *  24 sent, ns
 *  32 receive count
 * </pre>
 */
final class PrototypeQueue {

    /**
     * What a variant leaves out or does in another way.
     *
     * @param hints each participant remembers the chunk it used last; a hint is good while the chunk's header names it
     * @param slotDecides receivers look at slots instead of the tail, and mark an unpublished slot when they pass
     *     over it,
     *     so that the publisher learns from the word it replaces, and not from the cursor, that it was passed
     */
    record Shape(
            boolean gate,
            boolean clock,
            boolean fencedReady,
            boolean atomicCounts,
            boolean hints,
            boolean slotDecides) {
        static final Shape FULL = new Shape(true, true, true, true, false, false);

        Shape withoutGate() {
            return new Shape(false, clock, fencedReady, atomicCounts, hints, slotDecides);
        }

        Shape withoutClock() {
            return new Shape(gate, false, fencedReady, atomicCounts, hints, slotDecides);
        }

        Shape withReleasedReady() {
            return new Shape(gate, clock, false, atomicCounts, hints, slotDecides);
        }

        Shape withPlainCounts() {
            return new Shape(gate, clock, fencedReady, false, hints, slotDecides);
        }

        Shape withHints() {
            return new Shape(gate, clock, fencedReady, atomicCounts, true, slotDecides);
        }

        Shape withSlotDeciding() {
            return new Shape(gate, clock, fencedReady, atomicCounts, hints, true);
        }
    }

    private static final long WRITING = 1;
    private static final long READY = 2;
    private static final long IN_FLIGHT = 3;
    private static final long PASSED_OVER = 4;
    private static final long ENDED = 7;
    private static final long STATE_MASK = 7;
    private static final long FLIGHT_ONE = 1L << 3;
    private static final long FLIGHT_MASK = 1023L << 3;
    private static final long DEADLINE_MASK = ((1L << 35) - 1) << 13;
    private static final long VISIBILITY_MS = 30_000;

    private static final int TAIL = 0;
    private static final int CURSOR = Words.PADDED;
    private static final int RETURNED = 2 * Words.PADDED;
    private static final int WAITERS = 3 * Words.PADDED;
    private static final int CHUNK_INDEX = 8;
    private static final int ENDED_COUNT = 64;
    private static final int CHILDREN_RETIRED = 64;

    private final Shape shape;
    private final PrototypeGate gate;
    private final PrototypePool pool;
    private final PrototypeLog log;
    private final ByteBuffer words = Words.direct(4 * Words.PADDED);
    private final long root;
    private final long[] hints = new long[1024];
    private long lowestPage;

    /** How often a message was published behind the cursor, and how often a receiver met an unpublished one. */
    long publishedBehind;

    long metUnpublished;

    /** Keeps the compiler from dropping the reading of payloads; one receiver at a time. */
    long readSum;

    /** @param log null when only slot words are of interest */
    PrototypeQueue(Shape shape, PrototypeGate gate, PrototypePool pool, PrototypeLog log) {
        this.shape = shape;
        this.gate = gate;
        this.pool = pool;
        this.log = log;
        this.root = pool.allocate();
        clearPage(root);
    }

    private void clearPage(long page) {
        ByteBuffer slab = pool.slab(page);
        int offset = PrototypePool.offset(page) + PrototypePool.HEADER;
        for (int i = 0; i < 4096; i += 8) {
            Words.plain(slab, offset + i, 0);
        }
    }

    // ---- operations

    long send(int participant, ByteBuffer payload, int length) {
        if (shape.gate) {
            gate.enter(participant);
        }
        long sequence = Words.getAndAdd(words, TAIL, 1);
        long chunk = chunkForWriting(participant, sequence);
        ByteBuffer slab = pool.slab(chunk);
        int slot = slotOffset(chunk, sequence);
        if (!shape.slotDecides) {
            Words.release(slab, slot, WRITING);
        }
        Words.plain(slab, slot + 8, sequence);
        Words.plain(slab, slot + 16, log == null ? 0 : log.append(payload, length));
        Words.plain(slab, slot + 24, shape.clock ? System.nanoTime() : 1);
        Words.plain(slab, slot + 32, 0);
        long replaced = 0;
        if (shape.fencedReady) {
            replaced = Words.getAndSet(slab, slot, READY);
        } else {
            Words.release(slab, slot, READY);
        }
        if (shape.slotDecides ? replaced == PASSED_OVER : Words.acquire(words, CURSOR) > sequence) {
            markReturned(chunk, slab, slot, sequence);
        }
        if (Words.acquire(words, WAITERS) != 0) {
            throw new IllegalStateException("no waiters here");
        }
        if (shape.gate) {
            gate.exit(participant);
        }
        return sequence;
    }

    /** Takes up to {@code max} messages, reads each payload and stores the sequences. */
    int receive(int participant, int max, long[] sequences) {
        if (shape.gate) {
            gate.enter(participant);
        }
        long nowMs = (shape.clock ? System.nanoTime() : 1) / 1_000_000;
        int taken = Words.acquire(words, RETURNED) > 0 ? takeReturned(max, nowMs, sequences) : 0;
        if (taken < max) {
            taken = shape.slotDecides
                    ? takeFreshBySlot(participant, taken, max, nowMs, sequences)
                    : takeFresh(participant, taken, max, nowMs, sequences);
        }
        if (shape.gate) {
            gate.exit(participant);
        }
        return taken;
    }

    boolean ack(int participant, long sequence) {
        if (shape.gate) {
            gate.enter(participant);
        }
        boolean acked = end(participant, sequence);
        if (shape.gate) {
            gate.exit(participant);
        }
        return acked;
    }

    /** Acks several messages in one operation. */
    void ackAll(int participant, long[] sequences, int count) {
        if (shape.gate) {
            gate.enter(participant);
        }
        for (int i = 0; i < count; i++) {
            end(participant, sequences[i]);
        }
        if (shape.gate) {
            gate.exit(participant);
        }
    }

    // ---- receiving

    private int takeFresh(int participant, int taken, int max, long nowMs, long[] sequences) {
        while (taken < max) {
            long cursor = Words.acquire(words, CURSOR);
            int count = (int) Math.min(max - taken, Words.acquire(words, TAIL) - cursor);
            if (count <= 0) {
                return taken;
            }
            if (!Words.cas(words, CURSOR, cursor, cursor + count)) {
                continue;
            }
            for (long sequence = cursor; sequence < cursor + count; sequence++) {
                if (takeSlot(chunk(participant, sequence), sequence, nowMs)) {
                    sequences[taken++] = sequence;
                } else {
                    metUnpublished++;
                }
            }
            return taken;
        }
        return taken;
    }

    private int takeFreshBySlot(int participant, int already, int max, long nowMs, long[] sequences) {
        int taken = already;
        while (true) {
            long cursor = Words.acquire(words, CURSOR);
            int ready = 0;
            while (ready < max - taken && isReady(participant, cursor + ready)) {
                ready++;
            }
            int count = ready > 0 ? ready : upToFirstReady(participant, cursor);
            if (count == 0) {
                return taken;
            }
            if (!Words.cas(words, CURSOR, cursor, cursor + count)) {
                continue;
            }
            for (long sequence = cursor; sequence < cursor + count; sequence++) {
                long chunk = chunkForWriting(participant, sequence);
                if (taken < max && takeSlot(chunk, sequence, nowMs)) {
                    sequences[taken++] = sequence;
                } else if (passOver(chunk, sequence)) {
                    metUnpublished++;
                } else if (taken < max && takeSlot(chunk, sequence, nowMs)) {
                    sequences[taken++] = sequence;
                } else {
                    // Published while this receiver passed it, and there is no room for it: nobody else will mark it.
                    markReturned(chunk, pool.slab(chunk), slotOffset(chunk, sequence), sequence);
                }
            }
            return taken;
        }
    }

    private boolean isReady(int participant, long sequence) {
        long chunk = chunk(participant, sequence);
        return chunk != 0 && (Words.acquire(pool.slab(chunk), slotOffset(chunk, sequence)) & STATE_MASK) == READY;
    }

    private boolean passOver(long chunk, long sequence) {
        return Words.cas(pool.slab(chunk), slotOffset(chunk, sequence), 0, PASSED_OVER);
    }

    /** How many sequences end with the first that is published: 0 when nothing of the next 64 is. */
    private int upToFirstReady(int participant, long cursor) {
        int count = (int) Math.min(64, Words.acquire(words, TAIL) - cursor);
        for (int i = 1; i < count; i++) {
            if (isReady(participant, cursor + i)) {
                return i + 1;
            }
        }
        return 0;
    }

    private boolean takeSlot(long chunk, long sequence, long nowMs) {
        if (chunk == 0) {
            return false;
        }
        ByteBuffer slab = pool.slab(chunk);
        int slot = slotOffset(chunk, sequence);
        long control = Words.acquire(slab, slot);
        if ((control & STATE_MASK) != READY) {
            return false;
        }
        long deadlineMs = nowMs + VISIBILITY_MS;
        long taken = (control & ~(STATE_MASK | FLIGHT_MASK | DEADLINE_MASK))
                | ((control + FLIGHT_ONE) & FLIGHT_MASK)
                | ((deadlineMs << 13) & DEADLINE_MASK)
                | IN_FLIGHT;
        if (!Words.cas(slab, slot, control, taken)) {
            return false;
        }
        Words.plain(slab, slot + 32, Words.plain(slab, slot + 32) + 1);
        if (log != null) {
            readSum += log.read(Words.plain(slab, slot + 16));
        }
        return true;
    }

    // ---- ending

    private boolean end(int participant, long sequence) {
        long chunk = chunk(participant, sequence);
        if (chunk == 0) {
            return false;
        }
        ByteBuffer slab = pool.slab(chunk);
        int slot = slotOffset(chunk, sequence);
        long control = Words.acquire(slab, slot);
        if ((control & STATE_MASK) != IN_FLIGHT || !Words.cas(slab, slot, control, control | ENDED)) {
            return false;
        }
        if (log != null) {
            log.free(Words.plain(slab, slot + 16), shape.atomicCounts);
        }
        int header = PrototypePool.offset(chunk);
        long ended;
        if (shape.atomicCounts) {
            ended = Words.getAndAdd(slab, header + ENDED_COUNT, 1) + 1;
        } else {
            ended = Words.plain(slab, header + ENDED_COUNT) + 1;
            Words.plain(slab, header + ENDED_COUNT, ended);
        }
        if (ended == 64) {
            retireChunk(chunk, sequence);
        }
        return true;
    }

    private void retireChunk(long chunk, long sequence) {
        int bits = Long.bitCount(Words.getAndSet(pool.slab(chunk), PrototypePool.offset(chunk), 0));
        if (bits > 0) {
            Words.getAndAdd(words, RETURNED, -bits);
        }
        Words.release(pool.slab(chunk), PrototypePool.offset(chunk) + CHUNK_INDEX, 0);
        long middle = entry(root, sequence >>> 24);
        long leaf = entry(middle, sequence >>> 15);
        Words.fenced(pool.slab(leaf), entryOffset(leaf, sequence >>> 6), 0);
        pool.retire(chunk);
        if (Words.getAndAdd(pool.slab(leaf), PrototypePool.offset(leaf) + CHILDREN_RETIRED, 1) == 511) {
            Words.fenced(pool.slab(middle), entryOffset(middle, sequence >>> 15), 0);
            pool.retire(leaf);
        }
    }

    // ---- messages published behind the cursor

    private void markReturned(long chunk, ByteBuffer slab, int slot, long sequence) {
        publishedBehind++;
        int header = PrototypePool.offset(chunk);
        long bit = 1L << (sequence & 63);
        if ((Words.getAndOr(slab, header, bit) & bit) == 0) {
            Words.getAndAdd(words, RETURNED, 1);
        }
        long leaf = leaf(sequence);
        if (leaf != 0) {
            Words.getAndOr(pool.slab(leaf), summaryOffset(leaf, sequence), 1L << ((sequence >>> 6) & 63));
        }
        boolean isTaken = (Words.acquire(slab, slot) & STATE_MASK) != READY;
        if (isTaken && (Words.getAndAnd(slab, header, ~bit) & bit) != 0) {
            Words.getAndAdd(words, RETURNED, -1);
        }
    }

    private int takeReturned(int max, long nowMs, long[] sequences) {
        int taken = 0;
        long lastPage = Words.acquire(words, CURSOR) >>> 15;
        while (lowestPage < lastPage && leaf(lowestPage << 15) == 0) {
            lowestPage++;
        }
        for (long page = lowestPage; page <= lastPage && taken < max; page++) {
            long leaf = leaf(page << 15);
            for (int i = 0; leaf != 0 && i < 8 && taken < max; i++) {
                long firstChunk = (page << 9) + 64L * i;
                long summary = Words.acquire(pool.slab(leaf), PrototypePool.offset(leaf) + 8 * i);
                for (; summary != 0 && taken < max; summary &= summary - 1) {
                    long chunkIndex = firstChunk + Long.numberOfTrailingZeros(summary);
                    taken = takeReturnedOf(leaf, chunkIndex << 6, taken, max, nowMs, sequences);
                }
            }
        }
        return taken;
    }

    private int takeReturnedOf(long leaf, long first, int already, int max, long nowMs, long[] sequences) {
        int taken = already;
        ByteBuffer pageSlab = pool.slab(leaf);
        int summary = summaryOffset(leaf, first);
        long summaryBit = 1L << ((first >>> 6) & 63);
        long chunk = chunk(first);
        if (chunk == 0) {
            Words.getAndAnd(pageSlab, summary, ~summaryBit);
            return taken;
        }
        ByteBuffer slab = pool.slab(chunk);
        int header = PrototypePool.offset(chunk);
        long bits = Words.acquire(slab, header);
        for (; bits != 0 && taken < max; bits &= bits - 1) {
            long bit = Long.lowestOneBit(bits);
            if ((Words.getAndAnd(slab, header, ~bit) & bit) != 0) {
                Words.getAndAdd(words, RETURNED, -1);
                long sequence = first + Long.numberOfTrailingZeros(bit);
                if (takeSlot(chunk, sequence, nowMs)) {
                    sequences[taken++] = sequence;
                }
            }
        }
        if (bits == 0) {
            Words.getAndAnd(pageSlab, summary, ~summaryBit);
            if (Words.acquire(slab, header) != 0) {
                Words.getAndOr(pageSlab, summary, summaryBit);
            }
        }
        return taken;
    }

    // ---- directory: root -> middle -> leaf -> chunk, 9 bits each

    /** The gate is entered: a chunk whose header still names it cannot be reused before the participant leaves. */
    private long chunk(int participant, long sequence) {
        if (!shape.hints) {
            return chunk(sequence);
        }
        long hinted = hints[participant << 4];
        if (hinted != 0 && isChunk(hinted, sequence)) {
            return hinted;
        }
        long chunk = chunk(sequence);
        hints[participant << 4] = chunk;
        return chunk;
    }

    private boolean isChunk(long block, long sequence) {
        return Words.acquire(pool.slab(block), PrototypePool.offset(block) + CHUNK_INDEX) == (sequence >>> 6) + 1;
    }

    private long chunk(long sequence) {
        long leaf = leaf(sequence);
        return leaf == 0 ? 0 : entry(leaf, sequence >>> 6);
    }

    private long leaf(long sequence) {
        long middle = entry(root, sequence >>> 24);
        return middle == 0 ? 0 : entry(middle, sequence >>> 15);
    }

    private long chunkForWriting(int participant, long sequence) {
        long chunk = chunk(participant, sequence);
        if (chunk != 0) {
            return chunk;
        }
        long middle = entryOrNew(root, sequence >>> 24, true);
        long leaf = entryOrNew(middle, sequence >>> 15, true);
        return entryOrNew(leaf, sequence >>> 6, false);
    }

    private long entryOrNew(long page, long index, boolean isPage) {
        long existing = entry(page, index);
        if (existing != 0) {
            return existing;
        }
        long block = pool.allocate();
        if (isPage) {
            clearPage(block);
        } else {
            Words.plain(pool.slab(block), PrototypePool.offset(block) + CHUNK_INDEX, index + 1);
        }
        if (Words.cas(pool.slab(page), entryOffset(page, index), 0, block)) {
            return block;
        }
        pool.release(block);
        return entry(page, index);
    }

    private long entry(long page, long index) {
        return Words.acquire(pool.slab(page), entryOffset(page, index));
    }

    private static int entryOffset(long page, long index) {
        return PrototypePool.offset(page) + PrototypePool.HEADER + 8 * ((int) index & 511);
    }

    private static int summaryOffset(long leaf, long sequence) {
        return PrototypePool.offset(leaf) + 8 * ((int) (sequence >>> 12) & 7);
    }

    private static int slotOffset(long chunk, long sequence) {
        return PrototypePool.offset(chunk) + PrototypePool.HEADER + 64 * ((int) sequence & 63);
    }
}
