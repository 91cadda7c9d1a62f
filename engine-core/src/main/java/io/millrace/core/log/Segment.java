package io.millrace.core.log;

import io.millrace.core.concurrent.PaddedLongs;
import io.millrace.core.file.SegmentFile;
import io.millrace.core.memory.Region;
import java.util.Objects;
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
    static final int FIRST_RECORD = SegmentLayout.SIZE;

    /** In DEAD once until the segment is sealed, and once more while it is active: far more than any segment has bytes. */
    private static final long HOLD = 1L << 40;

    private static final int LENGTH_FACTOR = 0xC2B2AE35; // odd, so that no two lengths give the same

    private static final int SEEN = 1;
    private static final int MARKED = 2;

    private static final int TAIL = 0;
    private static final int DEAD = 1;
    private static final int TOUCHED = 2;

    private final int index;
    private final Region region;
    private final @Nullable SegmentFile file;
    private final boolean large;
    private final PaddedLongs words = new PaddedLongs(3);

    private long generation;
    private int salt;

    /** Bytes of all records, once it is sealed. */
    private volatile int sealedBytes;

    /** Era of retirement. */
    long retiredEra;

    /** The cleaner's round that visited it last. */
    long cleanedInRound;

    /** Up to where it was forced, and all was committed; of the leader of a force, and of whoever renews it. */
    int forcedTo = FIRST_RECORD;

    /** The round that covers its retirement. */
    long retiredTicket;

    /** How often the housekeeper has met this segment sealed; {@link #MARKED} when its mark stands at its end. */
    private volatile int visits;

    /** Link in the list of retired or of free segments. */
    @Nullable
    Segment next;

    Segment(int index, Region region, boolean large, int salt) {
        this(index, region, null, large, salt);
    }

    /** A segment that lies in a file. */
    Segment(int index, SegmentFile file, boolean large, int salt) {
        this(index, file.region(), file, large, salt);
    }

    private Segment(int index, Region region, @Nullable SegmentFile file, boolean large, int salt) {
        this.index = index;
        this.region = region;
        this.file = file;
        this.large = large;
        this.salt = salt;
        words.release(DEAD, HOLD);
        words.release(TAIL, FIRST_RECORD);
    }

    /** Makes a retired segment empty again. The stale bytes stay: under another salt their tags are wrong. */
    void renew(int newSalt) {
        renew(generation + 1, newSalt);
    }

    void renew(long newGeneration, int newSalt) {
        generation = newGeneration;
        sealedBytes = 0;
        cleanedInRound = 0;
        visits = 0;
        forcedTo = FIRST_RECORD;
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

    /** The file that it lies in. */
    SegmentFile file() {
        return Objects.requireNonNull(file, "segment is in memory");
    }

    int capacity() {
        return region.length();
    }

    /** Whether it holds a single record too long to share a segment. */
    boolean isLarge() {
        return large;
    }

    long generation() {
        return generation;
    }

    int salt() {
        return salt;
    }

    /** What tells a header from stale or hostile bytes, in commit words and checksums. */
    static int tag(int salt, int offset) {
        int mixed = (salt ^ offset) * 0x9E3779B9;
        mixed ^= mixed >>> 15;
        return mixed * 0x85EBCA6B;
    }

    /** A commit word: its tag depends on the length as well, since nothing else covers that of padding. */
    static long commitWord(int salt, int offset, int length) {
        return ((long) (tag(salt, offset) ^ length * LENGTH_FACTOR) << 32) | (length & 0xFFFF_FFFFL);
    }

    /** Whether a word that was read at {@code offset} is the commit word of a record there. */
    static boolean isCommitWord(int salt, int offset, long word) {
        return (int) word != 0 && word == commitWord(salt, offset, (int) word);
    }

    long commitWord(int offset, int length) {
        return commitWord(salt, offset, length);
    }

    /** Whether a word that was read at {@code offset} is the commit word of a record there. */
    boolean isCommitWord(int offset, long word) {
        return isCommitWord(salt, offset, word);
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

    /** Says, after a full fence, that something was stored here which the next force must cover. */
    void touch() {
        if (words.volatileRead(TOUCHED) == 0) {
            words.volatileWrite(TOUCHED, 1); // hb: segment-force (volatile)
        }
    }

    /** Whether it was touched since the last call; a store that is announced later is covered by the next force. */
    boolean takeTouch() {
        return words.volatileRead(TOUCHED) != 0 && words.getAndSet(TOUCHED, 0) != 0; // hb: segment-force (volatile)
    }

    /** Where the records end that have been claimed. */
    int claimedEnd() {
        return (int) Math.min(words.volatileRead(TAIL), capacity());
    }

    /** Where the committed records end that follow each other from a record's offset on. */
    int committedEnd(int from) {
        final int end = claimedEnd();
        int offset = from;
        while (offset < end) {
            final long word = region.longAcquire(offset + RecordLayout.COMMIT_OFFSET); // hb: record-commit (acquire)
            if (!isCommitWord(offset, word) || (int) word < 0) {
                return offset;
            }
            offset += RecordLayout.aligned((int) word);
        }
        return offset;
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

    /** Whether it was sealed at an earlier visit already, lives, and is not marked: most segments never come so far. */
    boolean isDueToMark() {
        final int before = visits;
        if (before == MARKED || !isSealed()) {
            return false;
        }
        visits = SEEN;
        return before == SEEN;
    }

    /** Whether anything lives here that the mark may not yet speak for. */
    boolean isToMark() {
        return visits != MARKED && !isRetired();
    }

    void marked() {
        visits = MARKED;
    }

    /** Whether no more records will be claimed here, and not all of them are dead. */
    boolean isSealed() {
        return dead() < 0;
    }
}
