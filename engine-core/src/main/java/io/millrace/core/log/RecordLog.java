package io.millrace.core.log;

import io.millrace.core.concurrent.GateMember;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.Region;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An append-only log of records in segments of memory. A record's position is its address: it is written once and read in
 * place until it is dead. Thread-safe; every method is called inside the {@link OperationGate}.
 *
 * <p>Segments are small at first and grow, so that opening is instant; a record longer than a quarter of the largest
 * segment gets a segment of its own. A segment whose records are all dead is used again, the longest rested first, once no
 * operation that might read it is inside and no view of it is lent.
 */
// Claiming: look at the tail, then getAndAdd. The claimer whose record crosses the end owns what is left of the
// segment: it pads and seals it. Everybody who finds the segment full goes to roll(), where the lifecycle lock lets
// one thread install the next one.
//
// Invariants
// 1. Between claim() and commit() nothing throws, allocates or calls user code; a writer that cannot go on commits
//    padding. A record that is claimed and not committed holds up nobody but a cleaner.
// 2. DEAD of a segment is the bytes of its dead records, minus the bytes of all its records once it is sealed, plus
//    a hold until then and another one while it is active. It reaches zero exactly once, and whoever makes it zero
//    retires the segment. So nobody who found a segment active can meet it in another role: it is retired, and
//    stamped, after it was replaced. (RecordLogStress.SealAgainstRelease)
// 3. A retired segment is renewed only after every era up to its retirement has passed and no hazard word names it.
//    (RecordLogStress.LendAgainstReuse)
//
// field    written by            read by   write       read      edge
// active   roll (lock)           claimers  volatile    volatile  segment-active
// table    roll, large (lock)    any       volatile    volatile  the position is published after the entry
// retired  enders                roll      CAS         swap      segment-retired
// wanted   who finds no memory   cleaner   volatile    volatile  none: a hint
public final class RecordLog {
    /** There is no memory for the record. */
    public static final long NO_ROOM = -1L;

    /** Capacity of the first segment, in bytes. */
    static final int FIRST_CAPACITY = 64 * 1024;

    /** Capacity that segments grow to at most, in bytes. */
    static final int FULL_CAPACITY = 1024 * 1024;

    /** A full segment is at most this part of the off-heap limit. */
    private static final int PARTS_OF_LIMIT = 16;

    /** A record longer than this part of a full segment gets a segment of its own. */
    private static final int LARGE_PART = 4;

    private static final int SEGMENT_SHIFT = 32;
    /**
     * Bytes of segments that are allocated before one is used a second time, and kept when they are free. A segment that has
     * rested has left the cache of the receiver that read it, so that the sender need not take its lines from there.
     */
    private static final long RESTING_BYTES = 16 * 1024 * 1024;

    private static final int TRIED = 4;

    /** Segments that a log may hold beyond twice what lives, before it is cleaned. */
    private static final long SPARE_SEGMENTS = 4;

    /** When memory is short, a segment is cleaned of which one part in so many is dead. */
    private static final int SHORT_DEAD_PART = 8;

    private final Allocator allocator;
    private final OperationGate gate;
    private final int fullCapacity;
    private final ReentrantLock lifecycle = new ReentrantLock();
    private final AtomicReference<@Nullable Segment> retired = new AtomicReference<>();
    private volatile @Nullable Segment active;
    private volatile @Nullable Segment[] table = new Segment[8];
    private volatile long wantedBytes;

    // Guarded by lifecycle.
    private @Nullable Segment free;
    private @Nullable Segment lastFree;
    private long freeBytes;
    private long totalBytes;
    private final IntArrayList freeIndices = new IntArrayList();
    private int segmentCount;
    private int nextCapacity = FIRST_CAPACITY;
    private int nextSalt;

    public RecordLog(Allocator allocator, OperationGate gate, int salt) {
        this.allocator = allocator;
        this.gate = gate;
        this.fullCapacity = fullCapacity(allocator.budget().limitBytes());
        this.nextSalt = salt;
        allocator.onShortage(this::giveBackFree);
    }

    /** Capacity that segments grow to under an off-heap limit, in bytes: a power of two. */
    public static int fullCapacity(long limitBytes) {
        final long part = Long.highestOneBit(limitBytes / PARTS_OF_LIMIT);
        return (int) Math.max(FIRST_CAPACITY, Math.min(FULL_CAPACITY, part));
    }

    // ---- positions ------------------------------------------------------------------------------------------------

    /** Number of the segment in which a record lies, at least 0. */
    public static int segmentOf(long position) {
        return (int) (position >>> SEGMENT_SHIFT);
    }

    /** Place of a record in its segment's region. */
    public static int offsetOf(long position) {
        return (int) position;
    }

    static long position(int segment, int offset) {
        return ((long) segment << SEGMENT_SHIFT) | offset;
    }

    /** The memory in which a living record lies. */
    public Region region(long position) {
        return segment(segmentOf(position)).region();
    }

    private Segment segment(int index) {
        return table[index];
    }

    // ---- append ---------------------------------------------------------------------------------------------------

    /**
     * Reserves space for one record of {@code length} bytes, which the caller then writes and commits.
     *
     * <p>Linearizes at: the getAndAdd of the tail that fits. Progress: lock-free within a segment; while the next one is
     * being prepared, waits on a lock. If it stalls: between claim and commit the record is padding to be; nobody waits
     * for it. Stress: RecordLogStress.TwoClaimers.
     *
     * @return the record's position, or {@link #NO_ROOM}
     */
    public long claim(int length) {
        final int aligned = RecordLayout.aligned(length);
        if (aligned > fullCapacity / LARGE_PART) {
            return claimLarge(aligned, length);
        }
        for (; ; ) {
            final Segment segment = active; // hb: segment-active (acquire)
            if (segment != null && segment.tailOpaque() < segment.capacity()) {
                final long offset = segment.getAndAddTail(aligned);
                final long end = offset + aligned;
                if (end <= segment.capacity()) {
                    final long position = claimed(segment, (int) offset, length);
                    if (end == segment.capacity()) {
                        countSealed(segment, (int) end);
                    }
                    return position;
                }
                if (offset < segment.capacity()) {
                    seal(segment, (int) offset);
                }
            }
            if (!roll(segment, aligned)) {
                noteShortage(fullCapacity);
                return NO_ROOM;
            }
        }
    }

    static long claimed(Segment segment, int offset, int length) {
        segment.region()
                .longRelease(
                        offset + RecordLayout.COMMIT_OFFSET, segment.commitWord(offset, -length)); // hb: record-commit
        return position(segment.index(), offset);
    }

    /** Ends a segment whose records reach up to {@code offset}. The rest is padding if a header still fits there. */
    void seal(Segment segment, int offset) {
        final int rest = segment.capacity() - offset;
        if (rest > RecordLayout.TYPE_OFFSET) {
            segment.region().bytePlain(offset + RecordLayout.TYPE_OFFSET, (byte) RecordLayout.PADDING);
        }
        segment.region().longRelease(offset + RecordLayout.COMMIT_OFFSET, segment.commitWord(offset, rest));
        countSealed(segment, offset);
    }

    /** Called once per segment, by the one claimer that reached or crossed its end. */
    void countSealed(Segment segment, int end) {
        if (segment.seal(end)) {
            retire(segment);
        }
    }

    /** Makes a record of the length that was claimed final: from now on whoever is told its position may read it. */
    public void commit(long position, int length) {
        Segment segment = segment(segmentOf(position));
        int index = offsetOf(position) + RecordLayout.COMMIT_OFFSET;
        segment.region()
                .longRelease(index, segment.commitWord(offsetOf(position), length)); // hb: record-commit (release)
    }

    /** Gives up a claim: the record becomes padding, and dead. Stress: RecordLogStress.AbortAgainstClaim. */
    public void abort(long position, int length) {
        region(position).bytePlain(offsetOf(position) + RecordLayout.TYPE_OFFSET, (byte) RecordLayout.PADDING);
        commit(position, length);
        release(position);
    }

    /** Declares a committed record dead. Once per record; its bytes may be overwritten as soon as the caller has left. */
    public void release(long position) {
        release(segmentOf(position), bytes(position));
    }

    /** Declares committed records of one segment dead that take so many {@link #bytes} together. */
    public void release(int segmentNumber, long bytes) {
        final Segment segment = segment(segmentNumber);
        if (segment.addDead(bytes)) {
            retire(segment);
        }
    }

    /** Bytes that a committed record takes in its segment. */
    public int bytes(long position) {
        return RecordLayout.aligned((int) region(position).longPlain(offsetOf(position) + RecordLayout.COMMIT_OFFSET));
    }

    // ---- life of segments -----------------------------------------------------------------------------------------

    private void retire(Segment segment) {
        segment.retiredEra = gate.retire();
        Segment head;
        do {
            head = retired.get();
            segment.next = head;
        } while (!retired.compareAndSet(head, segment)); // hb: segment-retired (volatile)
    }

    /** Installs the next segment in place of {@code full}, unless somebody else has; false if there is no memory. */
    private boolean roll(@Nullable Segment full, int needed) {
        lifecycle.lock();
        try {
            if (active != full) {
                return true; // there is another one
            }
            final int capacity = Math.max(nextCapacity, Math.min(fullCapacity, Integer.highestOneBit(needed) * 8));
            final Segment next = nextSegment(capacity, needed + Segment.FIRST_RECORD);
            if (next != null) {
                nextCapacity = Math.min(fullCapacity, capacity * 2);
                next.hold();
            }
            active = next; // hb: segment-active (release)
            if (full != null && full.endHold()) {
                retire(full);
            }
            return next != null;
        } finally {
            lifecycle.unlock();
        }
    }

    private @Nullable Segment nextSegment(int capacity, int leastCapacity) {
        final boolean mayReuse = restoreReserve();
        Segment next = totalBytes < RESTING_BYTES || !mayReuse ? null : takeFree(capacity, TRIED);
        if (next == null) {
            next = allocate(capacity);
        }
        if (next == null && mayReuse) {
            next = takeFree(leastCapacity, Integer.MAX_VALUE);
        }
        if (next == null) {
            next = allocate(Math.max(leastCapacity, FIRST_CAPACITY));
        }
        return next;
    }

    /** What the cleaner took out of the reserve goes back there before anybody else uses a segment again. */
    private boolean restoreReserve() {
        if (allocator.budget().isInReserve()) {
            collectRetired();
            releaseFree(0);
        }
        return !allocator.budget().isInReserve();
    }

    private long claimLarge(int aligned, int length) {
        lifecycle.lock();
        try {
            collectRetired();
            releaseFree(RESTING_BYTES);
            final Region region = allocator.tryAllocate(aligned + Segment.FIRST_RECORD);
            if (region == null) {
                noteShortage(aligned + Segment.FIRST_RECORD + Region.ALIGNMENT);
                return NO_ROOM;
            }
            final Segment segment = add(region, true);
            segment.getAndAddTail(aligned);
            countSealed(segment, Segment.FIRST_RECORD + aligned);
            return claimed(segment, Segment.FIRST_RECORD, length);
        } finally {
            lifecycle.unlock();
        }
    }

    private @Nullable Segment allocate(int capacity) {
        final Region region = allocator.tryAllocate(capacity);
        return region == null ? null : add(region, false);
    }

    private Segment add(Region region, boolean large) {
        final int index = freeIndices.isEmpty() ? segmentCount++ : freeIndices.popInt();
        if (index == table.length) {
            table = Arrays.copyOf(table, index * 2);
        }
        totalBytes += region.length();
        final Segment segment = new Segment(index, region, large, nextSalt());
        table[index] = segment;
        return segment;
    }

    private int nextSalt() {
        nextSalt += 0x9E3779B9;
        return nextSalt;
    }

    /** Moves retired segments behind the free ones, the latest last. */
    private void collectRetired() {
        Segment oldestFirst = null;
        for (Segment s = retired.getAndSet(null); s != null; ) { // hb: segment-retired (volatile)
            Segment next = s.next;
            s.next = oldestFirst;
            oldestFirst = s;
            s = next;
        }
        for (Segment s = oldestFirst; s != null; s = s.next) {
            if (lastFree == null) {
                free = s;
            } else {
                lastFree.next = s;
            }
            lastFree = s;
            freeBytes += s.capacity();
        }
    }

    private boolean isQuiet(Segment segment, long oldestEra) {
        return segment.retiredEra < oldestEra && !gate.isLent(segment.index());
    }

    /** The longest rested free segment of at least {@code capacity} among the first {@code tries} of them, made empty. */
    private @Nullable Segment takeFree(int capacity, int tries) {
        collectRetired();
        long oldestEra = free == null ? OperationGate.NO_ERA : gate.oldestEra();
        int tried = 0;
        Segment before = null;
        for (Segment s = free; s != null && tried < tries; before = s, s = s.next) {
            if (s.isLarge() || s.capacity() < capacity) {
                continue;
            }
            tried++;
            if (isQuiet(s, oldestEra)) {
                unlinkFree(before, s);
                s.renew(nextSalt());
                return s;
            }
        }
        return null;
    }

    private void unlinkFree(@Nullable Segment before, Segment segment) {
        if (before == null) {
            free = segment.next;
        } else {
            before.next = segment.next;
        }
        if (lastFree == segment) {
            lastFree = before;
        }
        segment.next = null;
        freeBytes -= segment.capacity();
    }

    private void giveBackFree() {
        lifecycle.lock();
        try {
            collectRetired();
            releaseFree(0);
        } finally {
            lifecycle.unlock();
        }
    }

    /** Gives memory of free segments back: the large, the small of the beginning, and all beyond a few. */
    public void trim() {
        if (!lifecycle.tryLock()) {
            return; // somebody is at it
        }
        try {
            if (retired.get() != null || freeBytes > RESTING_BYTES) {
                collectRetired();
                releaseFree(RESTING_BYTES);
            }
        } finally {
            lifecycle.unlock();
        }
    }

    private void releaseFree(long keptBytes) {
        long oldestEra = gate.oldestEra();
        long kept = 0;
        Segment before = null;
        for (Segment s = free; s != null; ) {
            Segment next = s.next;
            boolean wanted = !s.isLarge() && s.capacity() >= nextCapacity && kept < keptBytes;
            if (wanted || !isQuiet(s, oldestEra)) {
                kept += s.capacity();
                before = s;
            } else {
                unlinkFree(before, s);
                table[s.index()] = null;
                freeIndices.addInt(s.index());
                totalBytes -= s.capacity();
                allocator.release(s.region());
            }
            s = next;
        }
    }

    // ---- for the cleaner ------------------------------------------------------------------------------------------

    /** Tells the cleaner that somebody has found no memory for so many bytes. */
    public void noteShortage(long bytes) {
        wantedBytes = Math.max(wantedBytes, bytes);
    }

    /** Whether anybody has found no memory since the last {@link #clearShortage}. */
    boolean isShortOfMemory() {
        return wantedBytes > 0;
    }

    void clearShortage() {
        wantedBytes = 0;
    }

    /**
     * The segment with the most free bytes among those that are worth cleaning and were not cleaned in {@code round}. If the log
     * holds more than it may, it is worth it where less than half lives; if memory is short, where an eighth is dead.
     */
    @Nullable
    Segment sparsest(long round) {
        lifecycle.lock();
        try {
            collectRetired();
            final boolean isShort = isShortOfMemory() && spareBytes() < Math.max(wantedBytes, spareSegments());
            Segment sparsest = null;
            long allLive = 0;
            long mostFree = 0;
            for (@Nullable Segment segment : table) {
                if (segment == null) {
                    continue;
                }
                final long live = segment.liveBytes();
                allLive += live;
                if (segment.capacity() - live > mostFree
                        && segment.cleanedInRound != round
                        && isWorthCleaning(segment, live, isShort)) {
                    mostFree = segment.capacity() - live;
                    sparsest = segment;
                }
            }
            return isShort || totalBytes - freeBytes > 2 * allLive + spareSegments() ? sparsest : null;
        } finally {
            lifecycle.unlock();
        }
    }

    /** A lent segment would only be withheld from reuse, copy and all. */
    private boolean isWorthCleaning(Segment segment, long live, boolean isShort) {
        final boolean sparse =
                isShort ? segment.deadBytes() > segment.capacity() / SHORT_DEAD_PART : live < segment.capacity() / 2;
        return sparse && segment.isSealed() && !segment.isLarge() && !gate.isLent(segment.index());
    }

    private long spareSegments() {
        return SPARE_SEGMENTS * fullCapacity;
    }

    /** Bytes that may be had without cleaning, what is lent left out. */
    private long spareBytes() {
        long spare = allocator.budget().unreservedBytes();
        for (Segment s = free; s != null; s = s.next) {
            spare += gate.isLent(s.index()) ? 0 : s.capacity();
        }
        return spare;
    }

    /**
     * An empty segment for what the cleaner moves, if need be out of the reserve; a smaller one where there is no memory for a
     * full one, or null if there is none for {@code needed} bytes.
     */
    @Nullable
    Segment nextTarget(int needed) {
        lifecycle.lock();
        try {
            Segment next = targetOf(fullCapacity);
            if (next == null) {
                collectRetired();
                releaseFree(0);
            }
            final int least = Math.max(FIRST_CAPACITY, needed + Segment.FIRST_RECORD);
            for (int capacity = fullCapacity; next == null && capacity >= least; capacity /= 2) {
                next = targetOf(capacity);
            }
            return next;
        } finally {
            lifecycle.unlock();
        }
    }

    private @Nullable Segment targetOf(int capacity) {
        final Segment free = takeFree(capacity, Integer.MAX_VALUE);
        if (free != null) {
            return free;
        }
        final Region region = allocator.tryAllocateToMakeRoom(capacity);
        return region == null ? null : add(region, false);
    }

    // ---- figures and end ------------------------------------------------------------------------------------------

    /** What a log holds; estimates while operations run. */
    public record Usage(long segments, long liveBytes, long usedBytes, long totalBytes) {}

    /** Live bytes, bytes of segments that hold anything, and bytes of all segments. */
    public Usage usage() {
        long segments = 0;
        long live = 0;
        long used = 0;
        long total = 0;
        for (@Nullable Segment segment : table) {
            if (segment != null) {
                segments++;
                live += segment.liveBytes();
                used += segment.isRetired() ? 0 : segment.capacity();
                total += segment.capacity();
            }
        }
        return new Usage(segments, live, used, total);
    }

    /** Gives all memory back. Nobody may be inside the gate or hold a view, nor come in again. */
    public void release() {
        for (@Nullable Segment segment : table) {
            if (segment != null) {
                allocator.release(segment.region());
            }
        }
        Arrays.fill(table, null);
        active = null;
    }

    /** Names the segment of a living record as lent by {@code member}; called inside the gate. */
    public static void lend(GateMember member, long position) {
        member.lend(segmentOf(position));
    }
}
