package io.millrace.core.slot;

import io.millrace.core.concurrent.PaddedLongs;
import io.millrace.core.memory.Region;

/**
 * Where the chunk of a sequence is, and which slots have been returned: a radix tree of blocks, 512 children a page, that
 * grows at the top and gives pages back when all below them have gone. Thread-safe; every method is called inside the
 * gate, whose eras protect pages that are being read.
 *
 * <p>A queue whose live messages all lie in one chunk has that chunk as its root and no page at all.
 */
// Invariants
// 1. Sequences are taken in order, so a chunk is created after all lower ones have been; an entry that is 0 has
//    never been used. Whatever is unlinked leaves GONE behind (or a root that remembers the lowest sequence not yet
//    gone), so that a caller with an old sequence can never bring a chunk back. (DirectoryStress.EndAgainstEnsure)
// 2. A returned slot has its bit in the chunk, the chunk its bit in the page above, and so on to ANY. Bits are set from
//    below; a bit is cleared by whoever saw nothing below, and set again if a second look finds something.
//    So a bit below is never without its bits above, except while its setter is still on its way up.
// 3. A bit without a message behind it is harmless: the taker finds out by the control word.
// 4. LINKED of a chunk names its first sequence from after it was linked until before it is retired. Whoever is
//    inside the gate and reads it so, entered before the retirement, so the chunk is protected like one that was
//    found from the root. (Dekker: enter, read LINKED against clear LINKED, take the era.)
//
// field   written by               read by    write    read      meaning
// root    whoever grows, removes   any        CAS      acquire   0 empty at first | -(n + 1) empty, chunks below n
//                                                                gone | height (8 bits) << 32 | block + 1
// any     whoever returns, takes   receivers  volatile volatile  1: something may have been returned
// near*   senders, receivers       the same   release  acquire   a hint: block + 1 of the chunk used last, checked
//                                                                by use
public final class Directory {
    /** No such chunk: never made, already gone, or no memory for it. */
    public static final int NONE = -1;

    /** No returned slot. */
    public static final long NOTHING = -1L;

    private static final int CHUNK_SHIFT = Integer.numberOfTrailingZeros(BlockLayout.SLOTS);
    private static final int PAGE_SHIFT = Integer.numberOfTrailingZeros(BlockLayout.ENTRIES);
    private static final int PAGE_MASK = BlockLayout.ENTRIES - 1;
    private static final int MARK_WORDS = BlockLayout.ENTRIES / Long.SIZE;
    private static final int HEIGHT_SHIFT = 32;
    static final long GONE = -1L;
    private static final long UNUSED = 0L;
    private static final int ROOT = 0;
    private static final int ANY = 1;
    private static final int NEAR_TAIL = 2;
    private static final int NEAR_CURSOR = 3;

    private final BlockPool pool;
    private final long owner;
    private final PaddedLongs words = new PaddedLongs(4);

    /** @param owner number of the queue, written into each chunk */
    public Directory(BlockPool pool, long owner) {
        this.pool = pool;
        this.owner = owner;
    }

    static long rootOf(int height, int block) {
        return ((long) height << HEIGHT_SHIFT) | (block + 1L);
    }

    private static int heightOf(long root) {
        return (int) (root >>> HEIGHT_SHIFT);
    }

    private static int blockOf(long link) {
        return (int) link - 1;
    }

    static long emptyFrom(long chunk) {
        return -chunk - 1;
    }

    /** Lowest chunk number that an empty root still allows; only for roots that are not positive. */
    private static long lowestOf(long root) {
        return root == 0 ? 0 : -root - 1;
    }

    static long chunkOf(long sequence) {
        return sequence >>> CHUNK_SHIFT;
    }

    /** Chunks below an entry of the page of a level; level 0 is a chunk. */
    static long span(int level) {
        return 1L << (level * PAGE_SHIFT);
    }

    static boolean covers(int height, long chunk) {
        return height * PAGE_SHIFT >= Long.SIZE || chunk >>> (height * PAGE_SHIFT) == 0;
    }

    static int place(int level, long chunk) {
        return (int) (chunk >>> ((level - 1) * PAGE_SHIFT)) & PAGE_MASK;
    }

    static int entryIndex(int page, int place) {
        return BlockLayout.base(page) + BlockLayout.HEADER + place * Long.BYTES;
    }

    private long entryAcquire(int page, int place) {
        return pool.region(page).longAcquire(entryIndex(page, place)); // hb: chunk-link (acquire)
    }

    private boolean casEntry(int page, int place, long expected, long next) {
        return pool.region(page).casLong(entryIndex(page, place), expected, next); // hb: chunk-link (volatile)
    }

    long firstChunk(int block) {
        return chunkOf(firstSequence(block));
    }

    /** The lowest sequence of a chunk. */
    public long firstSequence(int block) {
        return pool.region(block).longPlain(BlockLayout.base(block) + BlockLayout.FIRST_SEQUENCE_OFFSET);
    }

    // ---- hints ----------------------------------------------------------------------------------------------------

    /**
     * Like {@link #find}, for receivers, who ask for the same chunk many times in a row. Wait-free, O(1) as a rule.
     *
     * <p>The chunk used last is looked at first. It counts if its header says that it is linked for this sequence: then it
     * was not retired before this operation entered the gate, and stays until it leaves. (Invariant 4)
     */
    public int findNear(long sequence) {
        final long root = words.acquire(ROOT); // hb: chunk-link (acquire)
        if (isChunk(root)) {
            return findOnly(blockOf(root), sequence);
        }
        int hinted = (int) words.acquire(NEAR_CURSOR) - 1; // hb: block-hint (acquire)
        if (hinted != NONE && isLinkedFor(hinted, sequence)) {
            return hinted;
        }
        int found = find(sequence);
        if (found != NONE) {
            words.release(NEAR_CURSOR, found + 1L); // hb: block-hint (release)
        }
        return found;
    }

    /** Whether there is one chunk and no page: then it is quicker to look there than at a hint. */
    private static boolean isChunk(long root) {
        return root > 0 && heightOf(root) == 0;
    }

    private int findOnly(int chunk, long sequence) {
        return firstSequence(chunk) == (sequence >>> CHUNK_SHIFT) << CHUNK_SHIFT ? chunk : NONE;
    }

    private boolean isLinkedFor(int block, long sequence) {
        Region region = pool.region(block);
        int base = BlockLayout.base(block);
        long linkedFor = ((sequence >>> CHUNK_SHIFT) << CHUNK_SHIFT) + 1;
        return region.longVolatile(base + BlockLayout.LINKED_OFFSET) == linkedFor // hb: chunk-linked (volatile)
                && region.longPlain(base + BlockLayout.OWNER_OFFSET) == owner;
    }

    /** Says that a chunk which was just linked may be hinted at, unless it has gone already. */
    void nameLinked(int block) {
        int index = BlockLayout.base(block) + BlockLayout.LINKED_OFFSET;
        pool.region(block).casLong(index, 0, firstSequence(block) + 1); // hb: chunk-linked (volatile)
    }

    private void nameGone(int block) {
        pool.region(block).longVolatile(BlockLayout.base(block) + BlockLayout.LINKED_OFFSET, GONE); // hb: chunk-linked
    }

    // ---- find and make --------------------------------------------------------------------------------------------

    /** The chunk that holds a sequence's slot, or {@link #NONE}. Wait-free, O(log n). */
    public int find(long sequence) {
        final long chunk = sequence >>> CHUNK_SHIFT;
        final long root = words.acquire(ROOT); // hb: chunk-link (acquire)
        if (root <= 0) {
            return NONE;
        }
        if (isChunk(root)) {
            return findOnly(blockOf(root), sequence);
        }
        final int height = heightOf(root);
        int block = blockOf(root);
        if (!covers(height, chunk)) {
            return NONE;
        }
        for (int level = height; level > 0; level--) {
            final long entry = entryAcquire(block, place(level, chunk));
            if (entry <= 0) {
                return NONE;
            }
            block = blockOf(entry);
        }
        return block;
    }

    /**
     * The chunk that holds a sequence's slot, made if it has never existed.
     *
     * <p>Linearizes at: the CAS that links the chunk, or the read that finds it. Progress: lock-free; a failed CAS means
     * that another sender linked it. If it stalls: nobody waits. Ordering: label chunk-link. Stress: DirectoryStress.TwoEnsure.
     *
     * @return its block, or {@link #NONE} if it has already gone or there is no memory for it
     */
    public int ensure(long sequence) {
        final long root = words.acquire(ROOT); // hb: chunk-link (acquire)
        if (isChunk(root) && findOnly(blockOf(root), sequence) != NONE) {
            return blockOf(root);
        }
        final int hinted = (int) words.acquire(NEAR_TAIL) - 1; // hb: block-hint (acquire)
        if (hinted != NONE && isLinkedFor(hinted, sequence)) {
            return hinted;
        }
        final int ensured = ensureLinked(sequence >>> CHUNK_SHIFT);
        if (ensured != NONE) {
            words.release(NEAR_TAIL, ensured + 1L); // hb: block-hint (release)
        }
        return ensured;
    }

    private int ensureLinked(long chunk) {
        for (; ; ) {
            final long root = words.acquire(ROOT); // hb: chunk-link (acquire)
            if (root <= 0) {
                if (chunk < lowestOf(root)) {
                    return NONE;
                }
                final int made = newChunk(chunk);
                if (made == NONE) {
                    return NONE;
                }
                if (words.cas(ROOT, root, rootOf(0, made))) { // hb: chunk-link (volatile)
                    nameLinked(made);
                    return made;
                }
                pool.giveBack(made);
                continue;
            }
            final int height = heightOf(root);
            if (height == 0) {
                final long existing = firstSequence(blockOf(root)) >>> CHUNK_SHIFT;
                if (chunk <= existing) {
                    return chunk == existing ? blockOf(root) : NONE;
                }
            } else if (covers(height, chunk)) {
                return ensureBelow(blockOf(root), height, chunk);
            }
            if (!grow(root, chunk)) {
                return NONE;
            }
        }
    }

    private int ensureBelow(int root, int height, long chunk) {
        int block = root;
        for (int level = height; level > 0; level--) {
            final int place = place(level, chunk);
            long entry = entryAcquire(block, place);
            if (entry == UNUSED) {
                final int made = level == 1 ? newChunk(chunk) : newPage();
                if (made == NONE) {
                    return NONE;
                }
                if (casEntry(block, place, UNUSED, made + 1L)) {
                    entry = made + 1L;
                    if (level == 1) {
                        nameLinked(made);
                    }
                } else {
                    pool.giveBack(made);
                    entry = entryAcquire(block, place);
                }
            }
            if (entry == GONE) {
                return NONE;
            }
            block = blockOf(entry);
        }
        return block;
    }

    int newChunk(long chunk) {
        final int block = pool.tryTake();
        if (block != NONE) {
            final Region region = pool.region(block);
            final int base = BlockLayout.base(block);
            final long generation = region.longPlain(base + BlockLayout.GENERATION_OFFSET) + 1;
            initialiseHeader(region, base, generation, chunk << CHUNK_SHIFT);
            final long free = ControlWord.free((int) generation);
            for (int i = 0; i < BlockLayout.SLOTS; i++) {
                SlotLayout.initialise(region, SlotLayout.slot(base, i), (chunk << CHUNK_SHIFT) + i, free);
            }
        }
        return block;
    }

    int newPage() {
        final int block = pool.tryTake();
        if (block != NONE) {
            final Region region = pool.region(block);
            final int base = BlockLayout.base(block);
            initialiseHeader(region, base, region.longPlain(base + BlockLayout.GENERATION_OFFSET) + 1, -1L);
            for (int i = 0; i < BlockLayout.ENTRIES; i++) {
                region.longPlain(base + BlockLayout.HEADER + i * Long.BYTES, UNUSED);
            }
        }
        return block;
    }

    private void initialiseHeader(Region region, int base, long generation, long firstSequence) {
        region.longPlain(base + BlockLayout.OWNER_OFFSET, owner);
        region.longPlain(base + BlockLayout.FIRST_SEQUENCE_OFFSET, firstSequence);
        region.longPlain(base + BlockLayout.GONE_OFFSET, 0);
        region.longPlain(base + BlockLayout.LINKED_OFFSET, 0);
        for (int i = 0; i < MARK_WORDS; i++) {
            region.longPlain(base + BlockLayout.RETURNED_OFFSET + i * Long.BYTES, 0);
        }
        // last: whoever reads the new generation reads the rest of the header as well
        region.longVolatile(base + BlockLayout.GENERATION_OFFSET, generation); // hb: block-due (volatile)
    }

    /** Puts pages above the root until they cover {@code chunk}; false if there is no memory for them. */
    private boolean grow(long root, long chunk) {
        final int oldHeight = heightOf(root);
        final long oldChunk = oldHeight == 0 ? firstSequence(blockOf(root)) >>> CHUNK_SHIFT : 0;
        int top = blockOf(root);
        int level = oldHeight;
        do {
            level++;
            final int page = newPage();
            if (page == NONE) {
                giveBackAbove(top, level - 1, oldHeight, oldChunk);
                return false;
            }
            adopt(page, top, level, oldChunk, oldHeight == 0 ? chunk : oldChunk);
            top = page;
        } while (!covers(level, chunk) || !covers(level, oldChunk));
        if (!words.cas(ROOT, root, rootOf(level, top))) { // hb: chunk-link (volatile)
            giveBackAbove(top, level, oldHeight, oldChunk);
        }
        return true;
    }

    /**
     * Makes {@code child}, which holds {@code chunk}, an entry of a page that nobody knows yet. All before it have gone. So
     * have those between it and {@code next}, the chunk that is wanted: after a restart sequences go on behind a gap, and
     * chunks are made in order, so nobody has made one there nor will.
     */
    private void adopt(int page, int child, int level, long chunk, long next) {
        final Region region = pool.region(page);
        final int place = place(level, chunk);
        int gone = place;
        for (int i = 0; i < place; i++) {
            region.longPlain(entryIndex(page, i), GONE);
        }
        region.longPlain(entryIndex(page, place), child + 1L);
        final int end = covers(level, chunk ^ next) ? place(level, next) : BlockLayout.ENTRIES;
        for (int i = place + 1; i < end; i++) {
            region.longPlain(entryIndex(page, i), GONE);
            gone++;
        }
        final int base = BlockLayout.base(page);
        region.longPlain(base + BlockLayout.GONE_OFFSET, gone);
        region.longPlain(markIndex(base, place), markBit(place)); // it may have been returned to: invariant 2
    }

    private void giveBackAbove(int top, int topLevel, int oldHeight, long oldChunk) {
        int block = top;
        for (int level = topLevel; level > oldHeight; level--) {
            final int child = blockOf(pool.region(block).longPlain(entryIndex(block, place(level, oldChunk))));
            pool.giveBack(block);
            block = child;
        }
    }

    // ---- end ------------------------------------------------------------------------------------------------------

    /**
     * Counts slots of a chunk that have ended. When all have, the chunk leaves the directory.
     *
     * <p>Linearizes at: the add that reaches 64; it has one winner. Progress: wait-free but for the unlinking, which is
     * lock-free. Stress: DirectoryStress.EndAgainstGrow.
     */
    public void countEnded(int block, int slots) {
        final int index = BlockLayout.base(block) + BlockLayout.GONE_OFFSET;
        if (pool.region(block).getAndAddLong(index, slots) + slots == BlockLayout.SLOTS) {
            nameGone(block);
            remove(block, 0, firstSequence(block) >>> CHUNK_SHIFT);
        }
    }

    /** Unlinks a block of which everything has gone, and every page above for which that makes it true as well. */
    private void remove(int block, int level, long chunk) {
        for (; ; ) {
            final long root = words.acquire(ROOT); // hb: chunk-link (acquire)
            final int height = heightOf(root);
            if (height == level) {
                final long next = level == 0 ? chunk + 1 : 1L << (level * PAGE_SHIFT);
                if (words.cas(ROOT, root, emptyFrom(next))) { // hb: chunk-link (volatile)
                    pool.retire(block);
                    return;
                }
                continue;
            }
            final int parent = descend(blockOf(root), height, level + 1, chunk);
            final Region region = pool.region(parent);
            region.longVolatile(entryIndex(parent, place(level + 1, chunk)), GONE); // hb: chunk-link (volatile)
            pool.retire(block);
            final int goneIndex = BlockLayout.base(parent) + BlockLayout.GONE_OFFSET;
            if (region.getAndAddLong(goneIndex, 1) + 1 == BlockLayout.ENTRIES) {
                remove(parent, level + 1, chunk);
            }
            return;
        }
    }

    /** The page of {@code level} on the way to a chunk that exists. */
    private int descend(int root, int height, int level, long chunk) {
        int block = root;
        for (int l = height; l > level; l--) {
            block = blockOf(entryAcquire(block, place(l, chunk)));
        }
        return block;
    }

    // ---- returned slots -------------------------------------------------------------------------------------------

    private static int markIndex(int base, int place) {
        return base + BlockLayout.RETURNED_OFFSET + (place >>> 6) * Long.BYTES;
    }

    private static long markBit(int place) {
        return 1L << place;
    }

    private void mark(int block, int place) {
        final Region region = pool.region(block);
        final int index = markIndex(BlockLayout.base(block), place);
        if ((region.longVolatile(index) & markBit(place)) == 0) {
            region.getAndOrLong(index, markBit(place)); // hb: returned-mark (volatile)
        }
    }

    private void unmark(int block, int place) {
        pool.region(block).getAndAndLong(markIndex(BlockLayout.base(block), place), ~markBit(place));
    }

    private boolean hasMarks(int block, int level) {
        final Region region = pool.region(block);
        final int index = BlockLayout.base(block) + BlockLayout.RETURNED_OFFSET;
        long marks = region.longVolatile(index); // hb: returned-mark (volatile)
        for (int i = 1; level > 0 && marks == 0 && i < MARK_WORDS; i++) {
            marks = region.longVolatile(index + i * Long.BYTES);
        }
        return marks != 0;
    }

    /**
     * Marks the slot of a living message as returned, so that {@link #takeReturned()} finds it.
     *
     * <p>Linearizes at: the mark in the chunk. Progress: wait-free. If it stalls: before the marks above are set, takers
     * may miss this slot; its own thread sets them. Ordering: label returned-mark. Stress:
     * DirectoryStress.MarkAgainstTake.
     */
    public void markReturned(long sequence) {
        long chunk = sequence >>> CHUNK_SHIFT;
        long root;
        do { // a page that was put above the root meanwhile needs its mark too
            root = words.volatileRead(ROOT); // hb: chunk-link (volatile)
            int height = heightOf(root);
            if (root > 0 && covers(height, height == 0 ? 0 : chunk)) {
                markBelow(blockOf(root), height, chunk, sequence);
                words.volatileWrite(ANY, 1); // hb: returned-mark (volatile)
            }
        } while (words.volatileRead(ROOT) != root);
    }

    /** Marks from the chunk upwards; false if the chunk has gone meanwhile, and with it the message. */
    private boolean markBelow(int block, int level, long chunk, long sequence) {
        if (level == 0) {
            if (firstSequence(block) >>> CHUNK_SHIFT != chunk) {
                return false;
            }
            mark(block, (int) sequence & BlockLayout.SLOTS - 1);
            return true;
        }
        final long entry = entryAcquire(block, place(level, chunk));
        if (entry <= 0 || !markBelow(blockOf(entry), level - 1, chunk, sequence)) {
            return false;
        }
        mark(block, place(level, chunk));
        return true;
    }

    /** Whether something may have been returned; false means that nothing was when it was read. */
    public boolean mayHaveReturned() {
        return words.volatileRead(ANY) != 0; // hb: returned-mark (volatile)
    }

    /**
     * Takes the lowest returned sequence: its mark is cleared and nobody else gets it.
     *
     * <p>Linearizes at: the atomic clearing of the chunk's bit; when nothing is there, at the read of ANY. Progress:
     * lock-free: a bit that is lost to another taker is that taker's progress. Stress: DirectoryStress.TwoTakers.
     *
     * @return the sequence, which may no longer be visible, or {@link #NOTHING}
     */
    public long takeReturned() {
        while (mayHaveReturned()) {
            final long root = words.acquire(ROOT); // hb: chunk-link (acquire)
            if (root > 0) {
                final long taken = takeBelow(blockOf(root), heightOf(root));
                if (taken != NOTHING) {
                    return taken;
                }
            }
            words.volatileWrite(
                    ANY, 0); // hb: returned-mark (volatile) -- cleared first, looked again after: invariant 2
            final long again = words.volatileRead(ROOT);
            if (again > 0 && hasMarks(blockOf(again), heightOf(again))) {
                words.volatileWrite(ANY, 1);
            }
        }
        return NOTHING;
    }

    private long takeBelow(int block, int level) {
        return level == 0 ? takeFromChunk(block) : takeFromPage(block, level);
    }

    private long takeFromChunk(int block) {
        final Region region = pool.region(block);
        final int index = BlockLayout.base(block) + BlockLayout.RETURNED_OFFSET;
        for (long marks = region.longVolatile(index); marks != 0; marks = region.longVolatile(index)) {
            final long lowest = Long.lowestOneBit(marks);
            if ((region.getAndAndLong(index, ~lowest) & lowest) != 0) { // hb: returned-mark (volatile)
                return firstSequence(block) + Long.numberOfTrailingZeros(lowest);
            }
        }
        return NOTHING;
    }

    private long takeFromPage(int block, int level) {
        final Region region = pool.region(block);
        final int marksIndex = BlockLayout.base(block) + BlockLayout.RETURNED_OFFSET;
        for (int i = 0; i < MARK_WORDS; i++) {
            long marks = region.longVolatile(marksIndex + i * Long.BYTES); // hb: returned-mark (volatile)
            while (marks != 0) {
                final int place = (i << 6) | Long.numberOfTrailingZeros(marks);
                final long taken = takeThrough(block, level, place);
                if (taken != NOTHING) {
                    return taken;
                }
                marks &= marks - 1;
            }
        }
        return NOTHING;
    }

    private long takeThrough(int block, int level, int place) {
        final long entry = entryAcquire(block, place);
        if (entry <= 0) {
            unmark(block, place);
            return NOTHING;
        }
        final long taken = takeBelow(blockOf(entry), level - 1);
        if (taken == NOTHING) {
            unmark(block, place);
            if (hasMarks(blockOf(entry), level - 1)) {
                mark(block, place);
            }
        }
        return taken;
    }

    // ---- walk -----------------------------------------------------------------------------------------------------

    /** The lowest chunk at or above a sequence's, or {@link #NONE}; for walks that tolerate change. */
    public int nextChunk(long fromSequence) {
        final long root = words.acquire(ROOT); // hb: chunk-link (acquire)
        if (root <= 0) {
            return NONE;
        }
        final long from = fromSequence >>> CHUNK_SHIFT;
        if (heightOf(root) == 0) {
            return firstSequence(blockOf(root)) >>> CHUNK_SHIFT >= from ? blockOf(root) : NONE;
        }
        return covers(heightOf(root), from) ? nextBelow(blockOf(root), heightOf(root), from) : NONE;
    }

    private int nextBelow(int page, int level, long from) {
        for (int place = place(level, from); place < BlockLayout.ENTRIES; place++) {
            final long entry = entryAcquire(page, place);
            if (entry > 0) {
                final boolean onPath = place == place(level, from);
                final int found = level == 1 ? blockOf(entry) : nextBelow(blockOf(entry), level - 1, onPath ? from : 0);
                if (found != NONE) {
                    return found;
                }
            }
        }
        return NONE;
    }

    /** Gives every block back. Nobody uses the directory any more, nor will. */
    public void release() {
        final long root = words.getAndSet(ROOT, 0); // hb: chunk-link (volatile)
        if (root > 0) {
            releaseBelow(blockOf(root), heightOf(root));
        }
    }

    private void releaseBelow(int block, int level) {
        nameGone(block);
        for (int place = 0; level > 0 && place < BlockLayout.ENTRIES; place++) {
            final long entry = entryAcquire(block, place);
            if (entry > 0) {
                releaseBelow(blockOf(entry), level - 1);
            }
        }
        pool.retire(block);
    }

    /** Takes what was built before anybody knew this directory. */
    void restored(long root) {
        words.volatileWrite(ROOT, root); // hb: chunk-link (volatile)
    }

    /** The pool that the blocks come from. */
    public BlockPool pool() {
        return pool;
    }
}
