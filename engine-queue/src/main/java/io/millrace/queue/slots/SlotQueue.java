package io.millrace.queue.slots;

import io.millrace.api.raw.Codes;
import io.millrace.api.raw.Disposition;
import io.millrace.core.EngineCore;
import io.millrace.core.concurrent.Backoff;
import io.millrace.core.log.Fate;
import io.millrace.core.log.Fates;
import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.RecordLog;
import io.millrace.core.memory.Region;
import io.millrace.core.slot.BlockLayout;
import io.millrace.core.slot.BlockPool;
import io.millrace.core.slot.ControlWord;
import io.millrace.core.slot.Directory;
import io.millrace.core.slot.SlotLayout;
import io.millrace.core.time.EngineTime;
import io.millrace.queue.slots.QueueCounters.End;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A standard queue: messages in slots addressed by sequence, claimed in order of sequence, returned ones first.
 * Thread-safe; every method is called inside the gate.
 */
// A send takes the tail's sequence, writes one log record, publishes the slot READY. A receive takes returned
// slots, then moves the cursor over sequences that no receiver has looked at. Every change of a message is one CAS
// of its control word, and whoever makes it does what follows from it.
//
// Invariants
// 1. A sequence is taken only while its slot exists (ensure, then CAS of the tail), and the slot exists until it ENDED.
// 2. A READY message at or above the cursor will be met by the cursor; one below it has its returned mark, or
//    whoever made it READY is about to set it.
//    a. A first publication swaps its word in. A receiver that passes over an unpublished slot says so in the slot
//       by CAS. The slot's order of the two decides: publisher first, then the CAS fails and the receiver deals
//       with the message; receiver first, then the publisher finds the note and marks.
//       (SlotQueueStress.PublishAgainstPassOver)
//    b. A message that becomes READY again: READY, full fence, read cursor, against CAS of the cursor, read slot.
//       One of the two sees the other; both may, so a mark proves nothing. (SlotQueueStress.ReleaseAgainstCursor)
// 3. The CAS that ends a message has one winner, which frees its record and counts its slot as gone, in this order.
public final class SlotQueue {
    /** How long a message waits whose dead-letter queue has no room. */
    private static final long MOVE_RETRY_MS = 1_000L;

    /** Looks at a message that is being moved before the thread parks. */
    private static final int SPINS = 64;

    private final EngineCore core;
    private final EngineTime time;
    private final BlockPool pool;
    private final RecordLog log;
    private final long number;
    private final Directory directory;
    private final @Nullable Fates fates;
    private final int headerSize;
    private final long messageWord;
    private final DeadLetters deadLetters;
    private final Runnable onVisible;
    private final QueueCounters counters = new QueueCounters();

    /** Messages whose records are committed and that are not shown yet, and one more until the queue has gone. */
    private final AtomicLong unshown = new AtomicLong(1);

    private volatile Runnable onAllShown = () -> {};
    private volatile QueueSettings settings;
    private volatile long ceiling = Long.MAX_VALUE;
    private volatile BooleanSupplier raiser = () -> false;
    private volatile boolean closed;

    /**
     * @param number unique among all queues the engine has ever had
     * @param onVisible called outside the gate after something became visible that no sender published
     */
    public SlotQueue(
            EngineCore core, long number, QueueSettings settings, DeadLetters deadLetters, Runnable onVisible) {
        this(core, number, new Directory(core.pool(), number), settings, deadLetters, onVisible);
    }

    /** The same with slots that were restored. */
    public SlotQueue(
            EngineCore core,
            long number,
            Directory directory,
            QueueSettings settings,
            DeadLetters deadLetters,
            Runnable onVisible) {
        this.onVisible = onVisible;
        this.core = core;
        this.time = core.time();
        this.pool = core.pool();
        this.log = core.log();
        this.number = number;
        this.settings = settings;
        this.deadLetters = deadLetters;
        this.directory = directory;
        this.fates = log.fates();
        this.headerSize = log.headerSize();
        this.messageWord = messageWord(0);
    }

    private long messageWord(int flags) {
        return RecordLayout.typeWord(RecordLayout.MESSAGE, fates == null ? flags : flags | RecordLayout.HAS_FATE, 1);
    }

    public long number() {
        return number;
    }

    public QueueSettings settings() {
        return settings;
    }

    /** Replaces the settings; they hold for every operation that begins after the call. */
    public void settings(QueueSettings next) {
        settings = next;
    }

    /**
     * Sets the sequence from which on none may be taken before {@code whenReached} has set a higher one.
     *
     * @param whenReached called inside the gate by any thread; false if it could not
     */
    public void ceiling(long newCeiling, BooleanSupplier whenReached) {
        raiser = whenReached;
        ceiling = newCeiling;
    }

    /** Turns operations away that begin after the call. */
    public void close() {
        closed = true;
    }

    public boolean isClosed() {
        return closed;
    }

    Directory directory() {
        return directory;
    }

    QueueCounters counters() {
        return counters;
    }

    // ---- send -----------------------------------------------------------------------------------------------------

    /**
     * Begins to send a message: takes the next sequence, claims a log record and writes its header. The caller writes the
     * payload and then publishes or aborts.
     *
     * <p>Linearizes at: the CAS of TAIL. Progress: lock-free: a failed CAS means that another sender took a sequence. If it
     * stalls: receivers pass over the slot. Ordering: label sequence-take. Stress: SlotQueueStress.TwoSenders.
     *
     * @param sentMs wall-clock stamp of the message
     * @return the sequence, or a code of {@link Codes} and nothing has changed
     */
    public long begin(Sending sending, long nowMs, long sentMs, byte[] properties, int payloadLength) {
        return begin(sending, nowMs, sentMs, 0, properties, payloadLength);
    }

    /** The same for a message that takes the place of another, which its properties name. */
    public long beginMove(Sending sending, long nowMs, long sentMs, byte[] properties, int payloadLength) {
        return begin(sending, nowMs, sentMs, RecordLayout.HAS_ORIGIN, properties, payloadLength);
    }

    private long begin(Sending sending, long nowMs, long sentMs, int flags, byte[] properties, int payloadLength) {
        long sequence = takeSequence(sending);
        if (sequence < 0) {
            return sequence;
        }
        sending.nowMs = nowMs;
        sending.length = headerSize + properties.length + payloadLength;
        sending.position = flags == 0 ? log.claim(sending.length) : log.claimAlways(sending.length);
        if (sending.position == RecordLog.NO_ROOM) {
            abandon(sending);
            return fates == null ? Codes.OFF_HEAP_LIMIT : Codes.DISK_FULL;
        }
        sending.record = log.region(sending.position);
        sending.writeHeader(
                headerSize, flags == 0 ? messageWord : messageWord(flags), number, properties, payloadLength, sentMs);
        return sequence;
    }

    private long takeSequence(Sending sending) {
        if (closed) {
            return Codes.CLOSED;
        }
        long maxBacklog = settings.maxBacklog();
        for (; ; ) {
            long tail = counters.tail();
            if (maxBacklog != Long.MAX_VALUE && !counters.hasRoom(maxBacklog, tail)) {
                return Codes.BACKLOG_LIMIT;
            }
            if (tail >= ceiling && !raiser.getAsBoolean()) {
                return Codes.DISK_FULL;
            }
            int block = directory.ensure(tail);
            if (block == Directory.NONE) {
                if (counters.tail() == tail) {
                    log.noteShortage(BlockPool.SLAB_BYTES);
                    return Codes.OFF_HEAP_LIMIT;
                }
            } else if (counters.casTail(tail, tail + 1)) {
                sending.sequence = tail;
                sending.block = block;
                sending.slot = SlotLayout.slot(BlockLayout.base(block), tail);
                sending.generation =
                        ControlWord.generation(pool.region(block).longOpaque(sending.slot + SlotLayout.CONTROL_OFFSET));
                return tail;
            }
        }
    }

    /**
     * Commits the record and, where nothing has to reach the disk first, makes the message visible or lets its delay begin; else
     * {@link #show} does when it has.
     *
     * <p>Linearizes at: the store of the control word. Progress: wait-free but for marking. If it stalls before: the
     * message is invisible, nobody waits. Ordering: label slot-publish. Stress: SlotQueueStress.PublishAgainstPassOver.
     */
    public void publish(Sending sending, long delayMs) {
        sending.hiddenUntilMs = delayMs == 0 ? 0 : time.after(sending.nowMs, delayMs);
        commit(sending, sending.nowMs, 0, sending.hiddenUntilMs, 0);
        if (!core.isForced()) {
            publish(sending);
        }
    }

    /**
     * Makes a message visible whose record was committed and is on the disk by now.
     *
     * @return false if the queue was deleted meanwhile, and the message with it
     */
    public boolean show(Sending sending) {
        if (isGone(sending)) {
            return false;
        }
        publish(sending);
        countShown();
        return true;
    }

    private void publish(Sending sending) {
        Region region = fillSlot(sending, sending.nowMs);
        if (sending.hiddenUntilMs == 0) {
            publishReady(region, sending, sending.nowMs, 0);
        } else {
            publishDelayed(region, sending, sending.hiddenUntilMs);
        }
    }

    /** If the queue was deleted since the record was committed, ends the record: the slot is gone with the queue. */
    private boolean isGone(Sending sending) {
        if (closed) {
            release(sending.position, Fate.End.PURGED);
            countShown();
            return true;
        }
        return false;
    }

    private void countShown() {
        if (unshown.decrementAndGet() == 0) {
            onAllShown.run();
        }
    }

    /**
     * Runs an action when no record of this queue, which is closed, is committed and not shown. Called once, by whoever has made
     * sure that no operation is under way that began before the closing.
     */
    public void whenAllShown(Runnable action) {
        onAllShown = action;
        countShown();
    }

    private void commit(Sending sending, long enqueuedMs, int receiveCount, long hiddenUntilMs, long firstReceivedMs) {
        if (fates != null) {
            complete(fates, sending, enqueuedMs, receiveCount, hiddenUntilMs, firstReceivedMs);
        }
        if (core.isForced()) {
            unshown.incrementAndGet();
        }
        log.commit(sending.position, sending.length);
    }

    /** A heap that is full must not leave a record that is never committed. */
    private void complete(
            Fates to, Sending sending, long enqueuedMs, int receiveCount, long hiddenUntilMs, long firstReceivedMs) {
        boolean completed = false;
        try {
            sending.complete(log, to, enqueuedMs, receiveCount, hiddenUntilMs, firstReceivedMs);
            completed = true;
        } finally {
            if (!completed) {
                abort(sending);
            }
        }
    }

    /**
     * Commits the record of a message that comes from another queue, without delay.
     *
     * @param enqueuedMs engine time at which retention starts
     * @param receiveCount receives so far
     * @param firstReceivedMs wall clock at the first of them, or 0
     */
    public void commitMoved(Sending sending, long enqueuedMs, int receiveCount, long firstReceivedMs) {
        commit(sending, enqueuedMs, receiveCount, 0, firstReceivedMs);
    }

    /** Makes it visible, as {@link #show}. */
    public void showMoved(Sending sending, long enqueuedMs, int receiveCount, long firstReceivedMs) {
        if (core.isForced()) {
            if (isGone(sending)) {
                return;
            }
            countShown();
        }
        Region region = fillSlot(sending, enqueuedMs);
        region.longPlain(sending.slot + SlotLayout.RECEIVE_COUNT_OFFSET, receiveCount);
        region.longPlain(sending.slot + SlotLayout.FIRST_RECEIVED_MS_OFFSET, firstReceivedMs);
        counters.addMovedIn();
        publishReady(region, sending, enqueuedMs, receiveCount);
    }

    private Region fillSlot(Sending sending, long enqueuedMs) {
        Region region = pool.region(sending.block);
        region.longPlain(sending.slot + SlotLayout.POSITION_OFFSET, sending.position);
        region.longPlain(sending.slot + SlotLayout.ENQUEUED_MS_OFFSET, enqueuedMs);
        return region;
    }

    private void publishReady(Region region, Sending sending, long enqueuedMs, int receiveCount) {
        long ready = ControlWord.publish(sending.generation, receiveCount);
        swapIn(region, sending, ready);
        core.conductor().arm(region, sending.block, enqueuedMs + settings.retentionMs());
    }

    private void publishDelayed(Region region, Sending sending, long deadlineMs) {
        counters.addDelayed(1);
        swapIn(region, sending, ControlWord.publishDelayed(sending.generation, deadlineMs));
        long expiryMs = sending.nowMs + settings.retentionMs();
        core.conductor().arm(region, sending.block, Math.min(deadlineMs, expiryMs));
    }

    /** The slot itself says whether a receiver has passed over it: then nobody will look again unless it is marked. */
    private void swapIn(Region region, Sending sending, long published) {
        long before = region.getAndSetLong(
                sending.slot + SlotLayout.CONTROL_OFFSET, published); // hb: slot-publish (volatile)
        if (ControlWord.isPassedOver(before) && ControlWord.isIn(published, ControlWord.READY)) {
            directory.markReturned(sending.sequence);
        }
    }

    /** What every change of a published message to READY is followed by; the change was a full fence. Invariant 2. */
    void afterVisible(long sequence) {
        if (counters.cursor() > sequence) { // hb: slot-visible (volatile)
            directory.markReturned(sequence);
        }
    }

    /** Gives up a message that was begun: its record becomes padding, its slot ends. */
    public void abort(Sending sending) {
        log.abort(sending.position, sending.length);
        abandon(sending);
    }

    /** Gives up the record of a message whose queue was deleted since it was begun, slots and all. */
    public void abortRecord(Sending sending) {
        log.abort(sending.position, sending.length);
    }

    private void abandon(Sending sending) {
        Region region = pool.region(sending.block);
        int control = sending.slot + SlotLayout.CONTROL_OFFSET;
        region.getAndSetLong(control, ControlWord.end(region.longPlain(control))); // hb: slot-publish (volatile)
        counters.addEnded(End.ABORTED, 1);
        directory.countEnded(sending.block, 1);
    }

    // ---- receive --------------------------------------------------------------------------------------------------

    /**
     * Claims up to {@code max} visible messages, returned ones first, lowest sequence first.
     *
     * <p>Linearizes at: for each message, the CAS of its control word; when empty, at the read of TAIL. Progress:
     * lock-free: a lost CAS is another's claim. If it stalls between moving the cursor and claiming: the messages in
     * between wait for it, at most {@code max}. Ordering: labels slot-publish, slot-claim. Stress:
     * SlotQueueStress.ClaimByMarkAgainstCursor.
     *
     * @param hiddenMs visibility timeout
     * @return how many, or a code of {@link Codes}
     */
    public int claim(int max, long nowMs, long hiddenMs, ClaimSink sink) {
        if (closed) {
            return (int) Codes.CLOSED;
        }
        QueueSettings current = settings;
        boolean limited = current.maxInFlight() != Long.MAX_VALUE;
        int admitted = limited ? admit(max, current.maxInFlight()) : max;
        if (admitted == 0) {
            return (int) Codes.IN_FLIGHT_LIMIT;
        }
        sink.claimed = 0;
        sink.moved = 0;
        try {
            claimReturned(admitted, nowMs, hiddenMs, current, sink);
            claimFresh(admitted, nowMs, hiddenMs, current, sink);
        } finally {
            counters.addInFlight(limited ? sink.claimed - admitted : sink.claimed);
            counters.addReceived(sink.claimed);
        }
        return sink.claimed;
    }

    /** How many of {@code max} the in-flight limit allows; they are counted in beforehand. */
    private int admit(int max, long limit) {
        for (; ; ) {
            long inFlight = counters.inFlight();
            int admitted = (int) Math.max(0, Math.min(max, limit - inFlight));
            if (admitted == 0 || counters.casInFlight(inFlight, inFlight + admitted)) {
                return admitted;
            }
        }
    }

    private void claimReturned(int max, long nowMs, long hiddenMs, QueueSettings current, ClaimSink sink) {
        while (sink.hasRoom(max) && directory.mayHaveReturned()) {
            long sequence = directory.takeReturned();
            if (sequence == Directory.NOTHING) {
                return;
            }
            int block = directory.findNear(sequence);
            if (block != Directory.NONE) {
                Region region = pool.region(block);
                int slot = SlotLayout.slot(BlockLayout.base(block), sequence);
                long control = region.longAcquire(slot + SlotLayout.CONTROL_OFFSET); // hb: slot-publish (acquire)
                claimSlot(block, region, slot, sequence, control, nowMs, hiddenMs, current, sink);
            }
        }
    }

    private void claimFresh(int max, long nowMs, long hiddenMs, QueueSettings current, ClaimSink sink) {
        while (sink.hasRoom(max)) {
            long cursor = counters.cursor();
            if (!counters.hasBehind(cursor)) {
                return;
            }
            int block = directory.findNear(cursor);
            long end = block == Directory.NONE ? behindGone(cursor) : endOfRun(block, cursor, max - sink.claimed);
            if (end == cursor) {
                if (block == Directory.NONE) {
                    continue; // the chunk has been made since
                }
                return;
            }
            if (counters.casCursor(cursor, end) && block != Directory.NONE) { // hb: slot-visible (volatile)
                claimRange(block, cursor, end, max, nowMs, hiddenMs, current, sink);
            }
        }
    }

    private static long chunkEnd(long sequence) {
        return (sequence | (BlockLayout.SLOTS - 1)) + 1;
    }

    /**
     * How far the cursor may move where no chunk was found. The chunk may have been made since; it has ended for good only if
     * it cannot be found after the tail was seen behind the cursor.
     */
    private long behindGone(long cursor) {
        long tail = counters.tail(); // hb: sequence-take (volatile)
        if (tail <= cursor || directory.find(cursor) != Directory.NONE) {
            return cursor;
        }
        int next = directory.nextChunk(cursor); // after a restart there may be many gone chunks in a row
        return next == Directory.NONE ? tail : Math.min(tail, directory.firstSequence(next));
    }

    /**
     * How far the cursor may move from where it is: over published slots of one chunk, at most {@code max} of them. An
     * unpublished slot is passed over only if a published one lies close behind it; the tail, whose line belongs to the
     * senders, is read only when the slot under the cursor is unpublished.
     */
    private long endOfRun(int block, long cursor, int max) {
        Region region = pool.region(block);
        int base = BlockLayout.base(block);
        long farthest = Math.min(chunkEnd(cursor), cursor + max);
        long end = cursor;
        while (end < farthest && isPublished(region, base, end)) {
            end++;
        }
        return end > cursor ? end : behindGap(region, base, cursor);
    }

    private static boolean isPublished(Region region, int base, long sequence) {
        long control = region.longAcquire(SlotLayout.slot(base, sequence) + SlotLayout.CONTROL_OFFSET);
        return !ControlWord.isIn(control, ControlWord.FREE); // hb: slot-publish (acquire)
    }

    /** The end of a run that begins with an unpublished slot; the cursor itself if nothing is published behind it. */
    private long behindGap(Region region, int base, long cursor) {
        long tail = counters.tail();
        long chunkEnd = chunkEnd(cursor);
        long last = Math.min(tail, chunkEnd);
        for (long sequence = cursor + 1; sequence < last; sequence++) {
            if (isPublished(region, base, sequence)) {
                return sequence + 1;
            }
        }
        return tail > chunkEnd ? chunkEnd : cursor;
    }

    /** Claims what is visible in a range of one chunk that this receiver has moved the cursor over, up to {@code max} in all. */
    private void claimRange(
            int block,
            long first,
            long end,
            int max,
            long nowMs,
            long hiddenMs,
            QueueSettings current,
            ClaimSink sink) {
        Region region = pool.region(block);
        int base = BlockLayout.base(block);
        for (long sequence = first; sequence < end; sequence++) {
            int slot = SlotLayout.slot(base, sequence);
            long control = region.longAcquire(slot + SlotLayout.CONTROL_OFFSET); // hb: slot-publish (acquire)
            if (ControlWord.isIn(control, ControlWord.FREE)) {
                control = passOver(region, slot, control);
            }
            if (sink.hasRoom(max)) {
                claimSlot(block, region, slot, sequence, control, nowMs, hiddenMs, current, sink);
            } else if (ControlWord.isIn(control, ControlWord.READY)) {
                directory.markReturned(sequence); // published since the run was measured, and there is no room for it
                core.conductor().defer(onVisible); // whoever waits may have looked before the mark
            }
        }
    }

    /**
     * Tells the publisher of an unpublished slot that the cursor has passed it.
     *
     * @return the slot's word from before: still unpublished, or what its publisher was quicker to publish
     */
    private static long passOver(Region region, int slot, long unpublished) {
        return region.compareAndExchangeLong(
                slot + SlotLayout.CONTROL_OFFSET, unpublished, ControlWord.passOver(unpublished)); // hb: slot-publish
    }

    /** Claims one slot if it is visible. A message past its retention ends here, one received too often moves. */
    private void claimSlot(
            int block,
            Region region,
            int slot,
            long sequence,
            long seen,
            long nowMs,
            long hiddenMs,
            QueueSettings current,
            ClaimSink sink) {
        long deadlineMs = time.after(nowMs, hiddenMs);
        long control = ControlWord.isIn(seen, ControlWord.MOVING) ? settledControl(region, slot) : seen;
        while (ControlWord.isIn(control, ControlWord.READY)
                && mayDeliver(block, region, slot, sequence, control, nowMs, current, sink)) {
            long claimed = ControlWord.claim(control, deadlineMs);
            long witness = region.compareAndExchangeLong(
                    slot + SlotLayout.CONTROL_OFFSET, control, claimed); // hb: slot-claim (volatile)
            if (witness == control) {
                sink.claimed++;
                afterClaim(block, region, slot, claimed, nowMs, deadlineMs);
                sink.onClaimed(block, region, slot, sequence, claimed);
                return;
            }
            control = ControlWord.isIn(witness, ControlWord.MOVING) ? settledControl(region, slot) : witness;
        }
    }

    private boolean mayDeliver(
            int block,
            Region region,
            int slot,
            long sequence,
            long control,
            long nowMs,
            QueueSettings current,
            ClaimSink sink) {
        if (region.longPlain(slot + SlotLayout.ENQUEUED_MS_OFFSET) + current.retentionMs() <= nowMs) {
            end(block, region, slot, control, End.EXPIRED);
            return false;
        }
        if (current.maxReceives() == QueueSettings.UNLIMITED_RECEIVES
                || ReceiveCount.of(region, slot, control) < current.maxReceives()) {
            return true;
        }
        sink.moved++;
        return !leavesForDeadLetters(block, region, slot, sequence, control, nowMs);
    }

    /**
     * Only the winner of a claim comes here. If it stalls so long that its flight ends and another claims, both may write:
     * then the first receive is the earlier of the two or the later, and the start that is left may not be the flight's, which
     * its word tells.
     */
    private void afterClaim(int block, Region region, int slot, long claimed, long nowMs, long deadlineMs) {
        if (ControlWord.flight(claimed) == 1 && ReceiveCount.of(region, slot, claimed) == 1) {
            region.longOpaque(slot + SlotLayout.FIRST_RECEIVED_MS_OFFSET, time.wallMs(nowMs));
        }
        FlightStart.afterClaim(region, slot, claimed, nowMs);
        ReceiveCount.afterClaim(region, slot, claimed);
        if (fates != null) {
            noteClaim(fates, region, slot, claimed, nowMs, deadlineMs);
        }
        core.conductor().arm(region, block, deadlineMs);
    }

    /** The record may be moved meanwhile; then its mover has noted the same, and this goes to the old one or to the new. */
    private void noteClaim(Fates to, Region region, int slot, long claimed, long nowMs, long deadlineMs) {
        int count = ReceiveCount.of(region, slot, claimed);
        long position = position(region, slot);
        if (count == 1) {
            to.firstReceived(position, time.wallMs(nowMs));
        }
        to.flight(position, count, deadlineMs);
    }

    private void noteFlight(Region region, int slot, long control, long hiddenUntilMs) {
        if (fates != null) {
            fates.flight(position(region, slot), ReceiveCount.of(region, slot, control), hiddenUntilMs);
        }
    }

    /** Receives of a message so far, given a control word of its slot. */
    public static int receiveCount(Region region, int slot, long control) {
        return ReceiveCount.of(region, slot, control);
    }

    // ---- ends -----------------------------------------------------------------------------------------------------

    /**
     * Ends the message of a sequence, whatever its state: any receipt of a living message acknowledges.
     *
     * <p>Linearizes at: the CAS to ENDED. Progress: lock-free, but waits for the one copy while the message is MOVING. If it
     * stalls after the CAS: its record and slot are not yet counted as free. Ordering: label slot-end. Stress:
     * SlotQueueStress.AckAgainstExpiry.
     *
     * @return false if it had ended before
     */
    public boolean ack(long sequence) {
        int block = directory.find(sequence);
        if (block == Directory.NONE) {
            return false;
        }
        Region region = pool.region(block);
        int slot = SlotLayout.slot(BlockLayout.base(block), sequence);
        for (; ; ) {
            long control = settledControl(region, slot);
            if (!ControlWord.isLive(control)) {
                return false;
            }
            if (end(block, region, slot, control, End.ACKED)) {
                return true;
            }
        }
    }

    /** Whether the flight that {@code control} began is still the current one; its deadline may have changed. */
    public boolean isFlight(int block, int slot, long control) {
        long now = settledControl(pool.region(block), slot);
        return now == control || ControlWord.isSameFlight(now, control);
    }

    /** Position of the record in a slot, for a thread outside the gate that then makes sure that the slot is still its own. */
    public long position(int block, int slot) {
        return position(pool.region(block), slot);
    }

    /** Position of the record of a living message, which may be moved at any time; its memory stays until the caller leaves. */
    public static long position(Region region, int slot) {
        return region.longAcquire(slot + SlotLayout.POSITION_OFFSET); // hb: record-move (acquire)
    }

    /**
     * Ends those of the first {@code count} messages of a run that were answered with ACK, and counts them together.
     *
     * <p>Each is one CAS without a look at the directory: the generation in the word proves that the chunk is the same.
     *
     * @return whether any was ended
     */
    public boolean ackAll(ClaimedRun run, @Nullable Disposition[] answers, int count, EndedRun ended) {
        ended.clear();
        boolean others = false;
        for (int i = 0; i < count; i++) {
            if (answers[i] == Disposition.ACK && !ackFlight(run.block(i), run.slot(i), run.control(i), ended)) {
                others |= ack(
                        run.sequence(i)); // extended, expired or with another: any delivery of a living message acks
            }
        }
        ended.flush();
        if (ended.count() > 0) {
            counters.addInFlight(-ended.count());
            counters.addEnded(End.ACKED, ended.count());
        }
        return others || ended.count() > 0;
    }

    /** Ends one flight but for the counters. */
    private boolean ackFlight(int block, int slot, long control, EndedRun ended) {
        Region region = pool.region(block);
        if (!region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, ControlWord.end(control))) { // hb: slot-end
            return false;
        }
        long position = region.longPlain(slot + SlotLayout.POSITION_OFFSET);
        noteEnd(position, End.ACKED);
        ended.add(block, position);
        return true;
    }

    /** The control word when no thread owns the slot for a copy or a move. */
    public static long settledControl(Region region, int slot) {
        long control = region.longAcquire(slot + SlotLayout.CONTROL_OFFSET); // hb: slot-claim (acquire)
        return ControlWord.isIn(control, ControlWord.MOVING) ? awaitSettled(region, slot) : control;
    }

    /** Spins for a while and then parks: the owner may be a virtual thread that needs the carrier. */
    private static long awaitSettled(Region region, int slot) {
        Backoff backoff = null;
        for (int spins = 0; ; spins++) {
            long control = region.longAcquire(slot + SlotLayout.CONTROL_OFFSET); // hb: slot-claim (acquire)
            if (!ControlWord.isIn(control, ControlWord.MOVING)) {
                return control;
            }
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                backoff = backoff == null ? new Backoff() : backoff;
                backoff.pauseUninterruptibly();
            }
        }
    }

    /** Ends a message; exactly one caller wins and does what follows. Invariant 3. */
    boolean end(int block, Region region, int slot, long control, End how) {
        if (!region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, ControlWord.end(control))) { // hb: slot-end
            return false;
        }
        afterEnd(block, region, slot, control, how);
        return true;
    }

    private void afterEnd(int block, Region region, int slot, long control, End how) {
        counters.leave(control);
        counters.addEnded(how, 1);
        long position = region.longPlain(slot + SlotLayout.POSITION_OFFSET);
        noteEnd(position, how);
        log.release(position);
        directory.countEnded(block, 1);
    }

    /** Gives up a record of a message that another record has taken the place of. */
    void releaseCopied(long position) {
        core.afterForce(() -> release(position, Fate.End.COPIED));
    }

    private void noteEnd(long position, End how) {
        if (fates != null) {
            fates.end(position, how.fate());
        }
    }

    // ---- visibility -----------------------------------------------------------------------------------------------

    /** What became of a change of visibility. */
    public enum Change {
        DONE,
        /** The message has ended, or is visible: there is no flight to change. */
        NOT_IN_FLIGHT,
        /** The flight would last longer than the queue's cap. */
        BEYOND_CAP
    }

    /**
     * Lets the current flight of a message last until {@code hiddenMs} from now; 0 makes it visible now.
     *
     * <p>Linearizes at: the CAS. Progress: lock-free, but waits for the one copy while the message is MOVING. Ordering: label
     * slot-claim. Stress: SlotQueueStress.ExtendAgainstExpiry.
     */
    public Change changeVisibility(long sequence, long nowMs, long hiddenMs) {
        long capMs = settings.visibilityCapMs();
        if (hiddenMs > capMs) {
            return Change.BEYOND_CAP;
        }
        int block = directory.find(sequence);
        if (block == Directory.NONE) {
            return Change.NOT_IN_FLIGHT;
        }
        Region region = pool.region(block);
        int slot = SlotLayout.slot(BlockLayout.base(block), sequence);
        for (; ; ) {
            long control = settledControl(region, slot);
            if (!isInFlight(control, nowMs)) {
                return Change.NOT_IN_FLIGHT;
            }
            long startedMs = FlightStart.of(region, slot, control, nowMs);
            if (hiddenMs > 0 && nowMs + hiddenMs - startedMs > capMs) {
                return Change.BEYOND_CAP;
            }
            boolean changed = hiddenMs == 0
                    ? giveBack(region, slot, sequence, control)
                    : extend(block, region, slot, control, time.after(nowMs, hiddenMs));
            if (changed) {
                return Change.DONE;
            }
        }
    }

    /** A flight whose deadline has come is over, even if nobody has said so yet. */
    private static boolean isInFlight(long control, long nowMs) {
        return ControlWord.isIn(control, ControlWord.IN_FLIGHT) && !ControlWord.isDue(control, nowMs);
    }

    private boolean extend(int block, Region region, int slot, long control, long deadlineMs) {
        long extended = ControlWord.extend(control, deadlineMs);
        if (!region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, extended)) { // hb: slot-claim (volatile)
            return false;
        }
        noteFlight(region, slot, control, deadlineMs);
        core.conductor().arm(region, block, deadlineMs);
        return true;
    }

    /** IN_FLIGHT to READY before the deadline. */
    private boolean giveBack(Region region, int slot, long sequence, long control) {
        if (!release(region, slot, sequence, control)) {
            return false;
        }
        noteFlight(region, slot, control, 0);
        return true;
    }

    /** DELAYED or IN_FLIGHT to READY. */
    boolean release(Region region, int slot, long sequence, long control) {
        long ready = ControlWord.release(control);
        if (!region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, ready)) { // hb: slot-publish (volatile)
            return false;
        }
        counters.leave(control);
        afterVisible(sequence);
        return true;
    }

    /** Makes the flight that {@code control} began visible again at once; false if it is no longer the current one. */
    public boolean releaseFlight(int block, int slot, long sequence, long control) {
        Region region = pool.region(block);
        for (long now = control; ControlWord.isSameFlight(now, control); now = settledControl(region, slot)) {
            if (giveBack(region, slot, sequence, now)) {
                return true;
            }
        }
        return false;
    }

    /** Undoes a claim whose delivery reached nobody; false if the flight has ended meanwhile. */
    public boolean unclaim(int block, int slot, long sequence, long control) {
        Region region = pool.region(block);
        long first = fates == null ? control : settledControl(region, slot); // else the record may be another's by now
        for (long now = first; ControlWord.isSameFlight(now, control); now = settledControl(region, slot)) {
            long ready = ControlWord.unclaim(now);
            if (fates != null) { // before the CAS: after it, the next receive has the same number
                fates.unclaim(position(region, slot), ReceiveCount.of(region, slot, ready));
            }
            if (region.casLong(slot + SlotLayout.CONTROL_OFFSET, now, ready)) { // hb: slot-publish (volatile)
                counters.addInFlight(-1);
                counters.addReceived(-1);
                afterVisible(sequence);
                return true;
            }
        }
        return false;
    }

    /** Undoes a claim by its sequence and the word that it stored. */
    public boolean unclaim(long sequence, long control) {
        int block = directory.find(sequence);
        return block != Directory.NONE
                && unclaim(block, SlotLayout.slot(BlockLayout.base(block), sequence), sequence, control);
    }

    // ---- dead letters ---------------------------------------------------------------------------------------------

    /** Takes a message that may not be received again out of this queue; false if it stays, to be delivered after all. */
    private boolean leavesForDeadLetters(int block, Region region, int slot, long sequence, long control, long nowMs) {
        if (!region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, ControlWord.move(control))) { // hb: slot-claim
            return true; // somebody else has it
        }
        switch (attempt(deadLetters, region, slot, sequence, control, nowMs)) {
            case MOVED -> endMoved(block, region, slot, control, End.DEAD_LETTERED);
            case BACKLOG_LIMIT, OFF_HEAP_LIMIT, DISK_FULL -> hideUntilNextTry(block, region, slot, control, nowMs);
            case NO_TARGET -> {
                region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, control); // hb: slot-publish (volatile)
                return false;
            }
        }
        return true;
    }

    /** Lets a mover copy a message that this thread owns; if that fails, the message is what it was before. */
    DeadLetters.Move attempt(DeadLetters mover, Region region, int slot, long sequence, long control, long nowMs) {
        boolean answered = false;
        try {
            DeadLetters.Move answer = mover.move(region, slot, sequence, control, nowMs);
            answered = true;
            return answer;
        } finally {
            if (!answered) {
                returnMoving(region, slot, sequence, control);
            }
        }
    }

    /** Ends a message that lives elsewhere; its mover releases its record. */
    void endMoved(int block, Region region, int slot, long control, End how) {
        region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, ControlWord.end(control)); // hb: slot-end (volatile)
        counters.leave(control);
        counters.addEnded(how, 1);
        directory.countEnded(block, 1);
    }

    /** Ends a record that another one has taken the place of, which is as durable as the engine promises. */
    public void release(long position, Fate.End how) {
        if (fates != null) {
            fates.end(position, how);
        }
        log.release(position);
    }

    private void hideUntilNextTry(int block, Region region, int slot, long control, long nowMs) {
        long deadlineMs = time.after(nowMs, MOVE_RETRY_MS);
        counters.addDelayed(1);
        long hidden = ControlWord.moved(ControlWord.extend(control, deadlineMs), ControlWord.DELAYED);
        noteFlight(region, slot, control, deadlineMs);
        region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, hidden); // hb: slot-publish (volatile)
        core.conductor().arm(region, block, deadlineMs);
    }

    /**
     * Moves a message that is in flight to another queue at once.
     *
     * @param mover copies it there
     * @return empty if there is no such flight, else what the mover answered
     */
    public Optional<DeadLetters.Move> moveFlight(long sequence, long nowMs, DeadLetters mover) {
        int block = directory.find(sequence);
        if (block == Directory.NONE) {
            return Optional.empty();
        }
        Region region = pool.region(block);
        int slot = SlotLayout.slot(BlockLayout.base(block), sequence);
        for (; ; ) {
            long control = settledControl(region, slot);
            if (!isInFlight(control, nowMs)) {
                return Optional.empty();
            }
            if (region.casLong(
                    slot + SlotLayout.CONTROL_OFFSET, control, ControlWord.move(control))) { // hb: slot-claim
                DeadLetters.Move answer = attempt(mover, region, slot, sequence, control, nowMs);
                if (answer == DeadLetters.Move.MOVED) {
                    endMoved(block, region, slot, control, End.DEAD_LETTERED);
                } else {
                    region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, control); // hb: slot-claim (volatile)
                    core.conductor().arm(region, block, ControlWord.deadlineMs(control, nowMs));
                }
                return Optional.of(answer);
            }
        }
    }

    /** MOVING back to what it was. */
    void returnMoving(Region region, int slot, long sequence, long control) {
        region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, control); // hb: slot-publish (volatile)
        if (ControlWord.isIn(control, ControlWord.READY)) {
            afterVisible(sequence);
            core.conductor().defer(onVisible); // whoever waits may have looked while it was MOVING
        }
    }
}
