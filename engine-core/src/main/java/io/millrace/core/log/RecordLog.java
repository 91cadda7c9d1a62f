package io.millrace.core.log;

import io.millrace.core.concurrent.GateMember;
import io.millrace.core.concurrent.GroupCommit;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.directory.EngineDirectory;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
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

    /** Time between two looks for segments to mark. */
    private static final long MARK_INTERVAL_MS = 1_000;

    /** Segments that a log may hold beyond twice what lives. */
    private static final long SPARE_SEGMENTS = 4;

    /** Those of them that a durable log has beside the ones it fills: one in reserve and one that is ready. */
    private static final long READY_SEGMENTS = 2;

    /** Time between two looks for files that nobody has needed meanwhile. */
    public static final long TRIM_INTERVAL_MS = 1_000;

    /** When memory is short, a segment is cleaned of which one part in so many is dead. */
    private static final int SHORT_DEAD_PART = 8;

    private final SegmentSource source;
    private final OperationGate gate;
    private final int fullCapacity;
    private final @Nullable Fates fates;
    private final LogForce force = new LogForce(() -> this.table);
    private final @Nullable GroupCommit commits;
    private final ReentrantLock lifecycle = new ReentrantLock();
    private final AtomicReference<@Nullable Segment> retired = new AtomicReference<>();
    private volatile @Nullable Segment active;
    private volatile @Nullable Segment[] table = new Segment[8];
    private volatile long wantedBytes;
    private volatile Runnable onLow = () -> {};
    private volatile long nextMarkMs = Long.MIN_VALUE;

    // Guarded by lifecycle.
    private @Nullable Segment reserve;
    private @Nullable Segment reserveInUse;
    private @Nullable Segment free;
    private @Nullable Segment lastFree;
    private long freeBytes;
    private long leastFreeBytes;
    private long nextTrimMs = Long.MIN_VALUE;
    private long totalBytes;
    private int nextCapacity = FIRST_CAPACITY;
    private boolean isUsed;

    /** A log in memory. */
    public RecordLog(Allocator allocator, OperationGate gate, int salt) {
        this(new MemorySegments(allocator, salt), gate, false);
    }

    /**
     * A log in the files of a directory; {@link #recover} comes before everything else.
     *
     * @param retriesAtOnce whether nobody calls {@link #prepareAhead} by himself
     * @param onLow called when the last prepared segment was taken, by any thread; must not wait
     */
    public static RecordLog in(EngineDirectory directory, OperationGate gate, boolean retriesAtOnce, Runnable onLow) {
        final RecordLog log = new RecordLog(new MappedSegments(directory, retriesAtOnce), gate, true);
        log.onLow = onLow;
        return log;
    }

    RecordLog(SegmentSource source, OperationGate gate, boolean durable) {
        this.source = source;
        this.gate = gate;
        this.fates = durable ? new Fates(this) : null;
        this.commits = source.isForced() ? new GroupCommit(force) : null;
        this.fullCapacity = source.fullCapacity();
        source.onShortage(this::giveBackFree);
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
        return segmentAt(position).region();
    }

    private Segment segment(int index) {
        return table[index];
    }

    Segment segmentAt(long position) {
        return segment(segmentOf(position));
    }

    int saltOf(long position) {
        return segmentAt(position).salt();
    }

    /** Where the fates of messages are kept, or null in memory, where slots know all that there is to know. */
    public @Nullable Fates fates() {
        return fates;
    }

    /** Whether a claim has failed for want of room and none has been found since. */
    public boolean isFull() {
        return source.isFull();
    }

    /** Bytes of a record with one target before its properties. */
    public int headerSize() {
        return fates == null ? RecordLayout.MEMORY_SIZE : RecordLayout.SIZE;
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

    /**
     * The same for what must go on when there is no room on the disk: what is moved, and what a queue is. If need be it takes
     * what a durable log keeps in reserve.
     */
    public long claimAlways(int length) {
        final long position = claim(length);
        return position == NO_ROOM && fates != null ? claimReserved(length) : position;
    }

    private long claimReserved(int length) {
        final int aligned = RecordLayout.aligned(length);
        lifecycle.lock();
        try {
            Segment into = reserveInUse;
            if (into == null || into.tailOpaque() + aligned > into.capacity()) {
                into = nextReserved(aligned);
            }
            if (into == null) {
                return NO_ROOM;
            }
            final int offset = (int) into.getAndAddTail(aligned);
            final long position = claimed(into, offset, length);
            if (offset + aligned == into.capacity()) {
                countSealed(into, into.capacity());
                reserveInUse = null;
            }
            return position;
        } finally {
            lifecycle.unlock();
        }
    }

    /** The segment that was kept in reserve, in use from now on, if it has room for so many bytes. */
    private @Nullable Segment nextReserved(int aligned) {
        final Segment next = reserve;
        if (next == null || Segment.FIRST_RECORD + aligned > next.capacity()) {
            return null;
        }
        final Segment full = reserveInUse;
        if (full != null) {
            seal(full, (int) full.getAndAddTail(full.capacity() - full.tailOpaque()));
        }
        reserveInUse = takeReserve();
        return reserveInUse;
    }

    private void renew(Segment segment) {
        source.renew(segment);
        opened(segment);
    }

    /** Ends a segment whose records reach up to {@code offset}. The rest is padding if a header still fits there. */
    void seal(Segment segment, int offset) {
        pad(segment, offset, segment.capacity() - offset);
        countSealed(segment, offset);
    }

    /** Commits padding of {@code length} bytes; of 8 it is nothing but its commit word. */
    void pad(Segment segment, int offset, int length) {
        final Region region = segment.region();
        if (length > RecordLayout.TYPE_OFFSET) {
            region.longPlain(offset + RecordLayout.CRC_OFFSET, RecordLayout.PADDING_WORD);
            if (fates != null) {
                region.intPlain(offset + RecordLayout.CRC_OFFSET, RecordChecksum.ofPadding(segment.salt(), offset));
            }
        }
        region.longRelease(
                offset + RecordLayout.COMMIT_OFFSET, segment.commitWord(offset, length)); // hb: record-commit
    }

    // ---- an earlier run -------------------------------------------------------------------------------------------

    /** Takes in what an earlier run left in the directory, and shows it. Called once, before anybody else uses the log. */
    public LogRecovery.Report recover(LogRecovery.Visitor visitor) {
        final MappedSegments segments = (MappedSegments) source;
        return new LogRecovery(this, segments, segments.doMarksCount(), visitor).run();
    }

    /** Takes in a segment of an earlier run, before anybody else uses the log. */
    void adopt(Segment segment) {
        enter(segment);
        segment.getAndAddTail(segment.capacity() - segment.tailOpaque());
        if (!segment.isLarge()) {
            nextCapacity = Math.max(nextCapacity, Math.min(fullCapacity, segment.capacity()));
        }
    }

    /** Called once per segment, by the one claimer that reached or crossed its end. */
    void countSealed(Segment segment, int end) {
        if (segment.seal(end)) {
            retire(segment);
        }
    }

    /** Makes a record of the length that was claimed final: from now on whoever is told its position may read it. */
    public void commit(long position, int length) {
        Segment segment = segmentAt(position);
        int index = offsetOf(position) + RecordLayout.COMMIT_OFFSET;
        segment.region()
                .longRelease(index, segment.commitWord(offsetOf(position), length)); // hb: record-commit (release)
    }

    /** Gives up a claim: the record becomes padding, and dead. Stress: RecordLogStress.AbortAgainstClaim. */
    public void abort(long position, int length) {
        pad(segmentAt(position), offsetOf(position), length);
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

    void retire(Segment segment) {
        segment.retiredEra = gate.retire();
        segment.retiredTicket = commits == null ? 0 : commits.ticket();
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
            isUsed = true;
            final int capacity = Math.max(nextCapacity, Math.min(fullCapacity, Integer.highestOneBit(needed) * 8));
            final Segment next = nextSegment(capacity, needed + Segment.FIRST_RECORD);
            if (next != null) {
                nextCapacity = Math.min(fullCapacity, capacity * 2);
                next.hold();
                if (isLow()) {
                    onLow.run();
                }
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
        final boolean spread = fates == null && totalBytes < RESTING_BYTES; // files are not made for the sake of rest
        Segment next = spread || !mayReuse ? null : takeFree(capacity, TRIED);
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
        if (fates != null) {
            return restoreReserved();
        }
        if (source.isInReserve()) {
            collectRetired();
            releaseFree(0);
        }
        return !source.isInReserve();
    }

    /** Keeps a prepared segment back for what must go on when the disk is full; false if there is none to keep. */
    private boolean restoreReserved() {
        final Segment kept = reserve;
        if (kept == null) {
            final Segment spare = findFree(FIRST_CAPACITY, Integer.MAX_VALUE);
            reserve = spare == null ? prepareReserve() : spare;
        } else if (kept.capacity() < FIRST_CAPACITY * 2 && nextCapacity == fullCapacity) {
            final Segment larger = findFree(fullCapacity, TRIED); // any record that shares a segment fits there
            if (larger != null) {
                addFree(kept);
                reserve = larger;
            }
        }
        return reserve != null;
    }

    private @Nullable Segment prepareReserve() {
        final Segment prepared = source.prepare(FIRST_CAPACITY);
        if (prepared != null) {
            enter(prepared);
        }
        return prepared;
    }

    private long claimLarge(int aligned, int length) {
        lifecycle.lock();
        try {
            if (fates == null) {
                collectRetired();
                releaseFree(RESTING_BYTES);
            }
            final Segment segment = restoreReserve() ? createLarge(aligned + Segment.FIRST_RECORD) : null;
            if (segment == null) {
                noteShortage(aligned + Segment.FIRST_RECORD + Region.ALIGNMENT);
                return NO_ROOM;
            }
            final int end = Segment.FIRST_RECORD + aligned;
            segment.getAndAddTail(segment.capacity() - Segment.FIRST_RECORD);
            final long position = claimed(segment, Segment.FIRST_RECORD, length);
            if (end < segment.capacity()) {
                seal(segment, end);
            } else {
                countSealed(segment, end);
            }
            return position;
        } finally {
            lifecycle.unlock();
        }
    }

    /** Where a disk is full, the room of those that are free may do. */
    private @Nullable Segment createLarge(int capacity) {
        final Segment first = add(source.create(capacity, true));
        if (first != null || fates == null || freeBytes == 0) {
            return first;
        }
        releaseFree(0);
        source.retry();
        return add(source.create(capacity, true));
    }

    private @Nullable Segment allocate(int capacity) {
        return add(source.create(capacity, false));
    }

    /** Takes a new segment into the log, if there is room for one. */
    private @Nullable Segment add(@Nullable Segment segment) {
        if (segment != null) {
            enter(segment);
            opened(segment);
        }
        return segment;
    }

    /** Called before the first claim in a segment that is new or empty again. */
    private void opened(Segment segment) {
        if (commits != null) {
            force.opened(segment);
        }
    }

    private void enter(Segment segment) {
        if (segment.index() >= table.length) {
            table = Arrays.copyOf(table, Integer.highestOneBit(segment.index()) * 2);
        }
        totalBytes += segment.capacity();
        table[segment.index()] = segment;
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
        for (Segment s = oldestFirst; s != null; ) {
            Segment next = s.next;
            s.next = null;
            addFree(s);
            s = next;
        }
    }

    private void addFree(Segment segment) {
        if (lastFree == null) {
            free = segment;
        } else {
            lastFree.next = segment;
        }
        lastFree = segment;
        freeBytes += segment.capacity();
    }

    /**
     * Whether all that was stored elsewhere because of a segment's last records is on the disk: their copies, which the first
     * round after its retirement forced, and what was noted when these were there, which the round after that did.
     */
    private boolean isSettled(Segment segment) {
        return commits == null || commits.isCompleted(segment.retiredTicket + 1);
    }

    /** Prepares a segment if none is ready and the present one is on its way. Not for a log in memory. */
    public void prepareAhead() {
        if (fates == null) {
            return;
        }
        final int capacity;
        lifecycle.lock();
        try {
            if (!restoreReserved() || !isLow() || !isUsed) {
                return;
            }
            capacity = nextCapacity;
        } finally {
            lifecycle.unlock();
        }
        final Segment prepared = source.prepare(capacity); // takes its time: no lock
        lifecycle.lock();
        try {
            if (prepared != null) {
                enter(prepared);
                addFree(prepared);
            }
        } finally {
            lifecycle.unlock();
        }
    }

    /** Looks whether there is room again where there was none. Called inside the gate. */
    public void lookForRoom() {
        source.retry();
        prepareAhead();
    }

    /** Whether segments are empty that can be used again after further rounds, which perhaps nobody else needs. */
    public boolean needsRounds() {
        if (commits == null) {
            return false;
        }
        lifecycle.lock();
        try {
            collectRetired();
            for (Segment s = free; s != null; s = s.next) {
                if (!isSettled(s)) {
                    return true;
                }
            }
            return false;
        } finally {
            lifecycle.unlock();
        }
    }

    /** Whether none is free. */
    private boolean isLow() {
        return freeBytes == 0 && retired.get() == null;
    }

    /**
     * States of segments that were full a while ago that all in them is committed, so that damage will be told from what an end
     * without warning leaves behind. Called inside the gate by one thread at a time.
     */
    public void advanceMarks(long nowMs) {
        if (fates == null || isForced() || nowMs < nextMarkMs) {
            return;
        }
        nextMarkMs = nowMs + MARK_INTERVAL_MS;
        for (@Nullable Segment segment : table) {
            if (segment != null && segment.isDueToMark() && isCommitted(segment)) {
                SegmentLayout.mark(segment.region(), segment.salt(), segment.capacity());
                segment.marked();
            }
        }
    }

    /** States of every segment how far all in it is committed: the end is an orderly one. Nobody is inside the gate any more. */
    public void markAll() {
        if (fates == null || isForced()) {
            return; // what was not forced must not be stated
        }
        for (@Nullable Segment segment : table) {
            if (segment != null && segment.isToMark() && !SegmentHeader.isEmpty(segment.region())) {
                final int end = segment.committedEnd(Segment.FIRST_RECORD);
                SegmentLayout.mark(segment.region(), segment.salt(), end);
            }
        }
    }

    /** Whether nothing in a full segment is still being written. */
    private static boolean isCommitted(Segment segment) {
        return segment.committedEnd(Segment.FIRST_RECORD) == segment.capacity();
    }

    // ---- power loss -----------------------------------------------------------------------------------------------

    /** Whether effects must be on the disk before they are answered. */
    public boolean isForced() {
        return commits != null;
    }

    /** The rounds by which they get there; only if they must. */
    public GroupCommit commits() {
        return Objects.requireNonNull(commits, "effects need not be on the disk");
    }

    private boolean isQuiet(Segment segment, long oldestEra) {
        return segment.retiredEra < oldestEra && !gate.isLent(segment.index()) && isSettled(segment);
    }

    /** The longest rested free segment of at least {@code capacity} among the first {@code tries} of them, made empty. */
    private @Nullable Segment takeFree(int capacity, int tries) {
        final Segment found = findFree(capacity, tries);
        if (found != null) {
            renew(found);
        }
        return found;
    }

    /** The same, not yet made empty. */
    private @Nullable Segment findFree(int capacity, int tries) {
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
        leastFreeBytes = Math.min(leastFreeBytes, freeBytes);
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

    /**
     * Gives free segments back: the large, the small of the beginning, and all beyond a few.
     *
     * @return whether files are left of which the next look, a while later, may show that nobody needs them
     */
    public boolean trim(long nowMs) {
        if (!lifecycle.tryLock()) {
            return false; // somebody is at it
        }
        List<Segment> surplus = List.of();
        boolean more = false;
        try {
            if (fates != null) {
                surplus = takeSurplus(nowMs);
                more = freeBytes > nextCapacity && surplusBytes() > 0;
            } else if (retired.get() != null || freeBytes > RESTING_BYTES) {
                collectRetired();
                releaseFree(RESTING_BYTES);
            }
        } finally {
            lifecycle.unlock();
        }
        giveBack(surplus); // takes its time: no lock
        return more;
    }

    /** Lets the source have segments that were taken out of the log, unless it cannot take them now. */
    private void giveBack(List<Segment> segments) {
        boolean given = segments.isEmpty();
        try {
            given = given || source.discard(segments);
        } finally {
            if (!given) {
                putBack(segments);
            }
        }
    }

    /** Takes files out of the log of which the last while has shown that nobody needs them, down to what it may hold. */
    private List<Segment> takeSurplus(long nowMs) {
        if (retired.get() == null && (nowMs < nextTrimMs || free == null)) {
            return List.of();
        }
        collectRetired();
        long kept = freeBytes;
        if (nowMs >= nextTrimMs) {
            final long spare = Math.min(leastFreeBytes, freeBytes - nextCapacity);
            kept -= spare > 0 ? Math.max(0, Math.min(spare, surplusBytes())) : 0;
            leastFreeBytes = freeBytes;
            nextTrimMs = nowMs + TRIM_INTERVAL_MS;
        }
        return takeFree(kept);
    }

    /** Bytes of files beyond what a log may hold. */
    private long surplusBytes() {
        return totalBytes - 2 * liveBytes() - SPARE_SEGMENTS * fullCapacity;
    }

    private long liveBytes() {
        long live = 0;
        for (@Nullable Segment segment : table) {
            live += segment == null ? 0 : segment.liveBytes();
        }
        return live;
    }

    private void releaseFree(long keptBytes) {
        giveBack(takeFree(keptBytes));
    }

    /** Takes free segments out of the log but for {@code keptBytes} of those that may be used again. */
    private List<Segment> takeFree(long keptBytes) {
        final List<Segment> taken = new ArrayList<>();
        long oldestEra = free == null ? OperationGate.NO_ERA : gate.oldestEra();
        long kept = 0;
        Segment before = null;
        for (Segment s = free; s != null; ) {
            Segment next = s.next;
            boolean wanted = !s.isLarge() && s.capacity() >= nextCapacity && kept + s.capacity() <= keptBytes;
            if (wanted || !isQuiet(s, oldestEra)) {
                kept += s.capacity();
                before = s;
            } else {
                unlinkFree(before, s);
                table[s.index()] = null;
                totalBytes -= s.capacity();
                taken.add(s);
            }
            s = next;
        }
        return taken;
    }

    private void putBack(List<Segment> segments) {
        lifecycle.lock();
        try {
            segments.forEach(segment -> {
                enter(segment);
                addFree(segment);
            });
        } finally {
            lifecycle.unlock();
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

    /** Bytes that may lie dead in segments beyond those that live. */
    private long spareSegments() {
        return (fates == null ? SPARE_SEGMENTS : SPARE_SEGMENTS - READY_SEGMENTS) * fullCapacity;
    }

    /** Bytes that may be had without cleaning, what is lent left out. */
    private long spareBytes() {
        long spare = source.spareBytes();
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
            if (next == null && fates == null) { // a file that is given back may not be had again
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
        final Segment made = add(source.createToMakeRoom(capacity));
        return made == null && reserve != null && reserve.capacity() >= capacity ? takeReserve() : made;
    }

    private @Nullable Segment takeReserve() {
        final Segment taken = reserve;
        reserve = null;
        if (taken != null) {
            renew(taken);
        }
        return taken;
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
        if (commits != null) {
            commits.close(); // whoever leads a round looks at segments
        }
        for (@Nullable Segment segment : table) {
            if (segment != null) {
                source.close(segment);
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
