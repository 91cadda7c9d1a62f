package io.millrace.core.log;

import io.millrace.core.concurrent.PaddedLongs;
import io.millrace.core.memory.Region;
import org.jspecify.annotations.Nullable;

/**
 * One region of a record log: records are claimed at its tail until it is full, and when all of them are dead it is used
 * again under the next generation and another salt. Thread-safe.
 */
// field    written by            read by            write            read
// TAIL     claimers              claimers, walkers  getAndAdd        opaque, volatile
// DEAD     enders, the sealer    the same           getAndAdd        volatile
// the rest RecordLog, under its lifecycle lock, before the segment becomes active or after it was retired
final class Segment {
    /** Offset of the first record; what lies before is the segment's header in a durable log. */
    static final int FIRST_RECORD = 64;

    /** In DEAD once until the segment is sealed, and once more while it is active: far more than any segment has bytes. */
    private static final long HOLD = 1L << 40;

    private static final int TAIL = 0;
    private static final int DEAD = 1;

    private final int index;
    private final Region region;
    private final boolean large;
    private final PaddedLongs words = new PaddedLongs(2);

    private int generation;
    private int salt;

    /** Bytes of all records, once it is sealed. */
    private volatile int sealedBytes;

    /** Era of retirement. */
    long retiredEra;

    /** The cleaner's round that visited it last. */
    long cleanedInRound;

    /** Link in the list of retired or of free segments. */
    @Nullable
    Segment next;

    Segment(int index, Region region, boolean large, int salt) {
        this.index = index;
        this.region = region;
        this.large = large;
        this.salt = salt;
        words.release(DEAD, HOLD);
        words.release(TAIL, FIRST_RECORD);
    }

    /** Makes a retired segment empty again. The stale bytes stay: under another salt their tags are wrong. */
    void renew(int newSalt) {
        generation++;
        sealedBytes = 0;
        cleanedInRound = 0;
        salt = newSalt;
        words.release(DEAD, HOLD);
        words.release(TAIL, FIRST_RECORD);
    }

    int index() {
        return index;
    }

    Region region() {
        return region;
    }

    int capacity() {
        return region.length();
    }

    /** Whether it holds a single record too long to share a segment. */
    boolean isLarge() {
        return large;
    }

    int generation() {
        return generation;
    }

    /** The half of a commit word that tells a header from stale or hostile bytes. */
    int tag(int offset) {
        int mixed = (salt ^ offset) * 0x9E3779B9;
        mixed ^= mixed >>> 15;
        return mixed * 0x85EBCA6B;
    }

    long commitWord(int offset, int length) {
        return ((long) tag(offset) << 32) | (length & 0xFFFF_FFFFL);
    }

    /** Whether a word that was read at {@code offset} is the commit word of a record there. */
    boolean isCommitWord(int offset, long word) {
        return (int) (word >>> 32) == tag(offset) && (int) word != 0;
    }

    long tailOpaque() {
        return words.opaque(TAIL);
    }

    long getAndAddTail(long length) {
        return words.getAndAdd(TAIL, length);
    }

    /** Bytes that were claimed, up to the capacity. */
    int usedBytes() {
        return (int) Math.min(words.volatileRead(TAIL), capacity()) - FIRST_RECORD;
    }

    /**
     * Says that the records of this segment end at {@code end}, once. True as {@link #addDead}.
     */
    boolean seal(int end) {
        sealedBytes = end - FIRST_RECORD;
        return addDead(FIRST_RECORD - end - HOLD);
    }

    /**
     * Adds dead bytes. True for the one call that makes the sum zero: from then on nothing in this segment is alive and nothing
     * will be added.
     */
    boolean addDead(long bytes) {
        return words.getAndAdd(DEAD, bytes) + bytes == 0;
    }

    /** Keeps the segment from being retired while claimers may find it active. */
    void hold() {
        words.getAndAdd(DEAD, HOLD);
    }

    /** True if nothing in this segment is alive and nothing will be added, as {@link #addDead}. */
    boolean endHold() {
        return addDead(-HOLD);
    }

    /** Bytes of dead records, minus the bytes of all records once it is sealed. */
    private long dead() {
        long dead = words.volatileRead(DEAD);
        while (dead >= HOLD / 2) {
            dead -= HOLD;
        }
        return dead;
    }

    /** Bytes of dead records in a sealed segment; an estimate while operations run. */
    long deadBytes() {
        return Math.max(0, sealedBytes - liveBytes());
    }

    /** Live bytes; an estimate while operations run. */
    long liveBytes() {
        final boolean full = words.volatileRead(TAIL) >= capacity();
        return full ? Math.max(0, -dead()) : usedBytes() - dead();
    }

    /** Whether everything in it is dead and nothing will be added. */
    boolean isRetired() {
        return words.volatileRead(DEAD) == 0;
    }

    /** Whether no more records will be claimed here, and not all of them are dead. */
    boolean isSealed() {
        return dead() < 0;
    }
}
