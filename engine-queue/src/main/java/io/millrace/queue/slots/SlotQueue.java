package io.millrace.queue.slots;

import io.millrace.api.queue.QueueStats;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.Disposition;
import io.millrace.core.EngineCore;
import io.millrace.core.concurrent.PaddedLongs;
import io.millrace.core.conductor.BlockOwner;
import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.RecordLog;
import io.millrace.core.memory.Region;
import io.millrace.core.slot.BlockLayout;
import io.millrace.core.slot.BlockPool;
import io.millrace.core.slot.ControlWord;
import io.millrace.core.slot.Directory;
import io.millrace.core.slot.SlotLayout;
import io.millrace.core.time.EngineTime;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A standard queue: messages in slots addressed by sequence, claimed in order of sequence, returned ones first.
 * Thread-safe; every method but {@link #afterDue} and the figures is called inside the gate.
 */
// A send takes the tail's sequence, writes one log record, publishes the slot READY. A receive takes returned slots,
// then
// moves the cursor over sequences that no receiver has looked at. Every change of a message is one CAS of its control
// word, and whoever makes it does what follows from it.
//
// Invariants
// 1. A sequence is taken only while its slot exists (ensure, then CAS of the tail), and the slot exists until it ENDED.
// 2. A READY message at or above the cursor will be met by the cursor; one below it has its returned mark, or its
//    publisher is about to set it. Publish: READY, full fence, read cursor. Receive: CAS of cursor, read slot. One of
// the
//    two sees the other, so no message is lost; both may, so a mark proves nothing.
// (SlotQueueStress.PublishAgainstCursor)
// 3. The CAS that ends a message has one winner, which frees its record and counts its slot as gone, in this order.
// 4. IN_FLIGHT, DELAYED and ENDED count the transitions into and out of these states, so after quiescence they equal a
//    recount. (SlotQueueModelTest)
//
// word       written by   write             read       meaning
// TAIL       senders      CAS               volatile   next sequence
// CURSOR     receivers    CAS               volatile   next sequence that no receiver has looked at
// IN_FLIGHT  receivers..  getAndAdd         volatile   messages in that state
// DELAYED    senders..    getAndAdd         volatile   messages in that state
// ENDED      enders       getAndAdd         volatile   slots in that state, aborted ones included
// RECEIVED   receivers    getAndAdd         volatile   claims
public final class SlotQueue implements BlockOwner {
    private static final int TAIL = 0;
    private static final int CURSOR = 1;
    private static final int IN_FLIGHT = 2;
    private static final int DELAYED = 3;
    private static final int ENDED = 4;
    private static final int RECEIVED = 5;
    private static final int WORDS = 6;

    /** How a message can end without an ack; each has a counter. */
    private static final int ABORTED = 0;

    private static final int EXPIRED = 1;
    private static final int DEAD_LETTERED = 2;
    private static final int PURGED = 3;
    private static final int MOVED_IN = 4;
    private static final int ENDS = 5;

    /** An end without a counter of its own: what is left of ENDED when the others are taken away. */
    private static final int ACKED = 5;

    /** How long a message waits whose dead-letter queue has no room. */
    private static final long MOVE_RETRY_MS = 1_000L;

    private final EngineCore core;
    private final EngineTime time;
    private final BlockPool pool;
    private final RecordLog log;
    private final long number;
    private final Directory directory;
    private final DeadLetters deadLetters;
    private final Runnable onVisible;
    private final PaddedLongs words = new PaddedLongs(WORDS);
    private final AtomicLongArray ends = new AtomicLongArray(ENDS);
    private volatile QueueSettings settings;
    private volatile boolean closed;

    /**
     * @param number unique among all queues the engine has ever had
     * @param onVisible called outside the gate after deadlines made messages visible
     */
    public SlotQueue(
            EngineCore core, long number, QueueSettings settings, DeadLetters deadLetters, Runnable onVisible) {
        this.core = core;
        this.time = core.time();
        this.pool = core.pool();
        this.log = core.log();
        this.number = number;
        this.settings = settings;
        this.deadLetters = deadLetters;
        this.onVisible = onVisible;
        this.directory = new Directory(pool, number);
    }

    public long number() {
        return number;
    }

    public QueueSettings settings() {
        return settings;
    }

    // ---- send -----------------------------------------------------------------------------------------------------

    /**
     * Takes the next sequence for one message, whose slot is then WRITING.
     *
     * <p>Linearizes at: the CAS of TAIL. Progress: lock-free: a failed CAS means that another sender took a sequence. If it
     * stalls: receivers pass over the slot. Ordering: label sequence-take. Stress: SlotQueueStress.PublishAgainstCursor.
     *
     * @return the sequence, or a code of {@link Codes}
     */
    public long takeSequence() {
        if (closed) {
            return Codes.CLOSED;
        }
        final long maxBacklog = settings.maxBacklog();
        for (; ; ) {
            final long tail = words.volatileRead(TAIL);
            if (maxBacklog != Long.MAX_VALUE && tail - words.volatileRead(ENDED) >= maxBacklog) {
                return Codes.BACKLOG_LIMIT;
            }
            final int block = directory.ensure(tail);
            if (block == Directory.NONE) {
                if (words.volatileRead(TAIL) == tail) {
                    return Codes.OFF_HEAP_LIMIT;
                }
                continue;
            }
            if (words.cas(TAIL, tail, tail + 1)) { // hb: sequence-take (volatile)
                final int control = SlotLayout.slot(BlockLayout.base(block), tail) + SlotLayout.CONTROL_OFFSET;
                final Region region = pool.region(block);
                region.longOpaque(control, ControlWord.write(region.longPlain(control)));
                return tail;
            }
        }
    }

    /** Reserves the log record of a message; if there is no room its sequence is given up. */
    public long claimRecord(long sequence, int propertiesLength, int payloadLength) {
        final long position = log.claim(RecordLayout.length(propertiesLength, payloadLength));
        if (position == RecordLog.NO_ROOM) {
            abandon(sequence);
            return Codes.OFF_HEAP_LIMIT;
        }
        return position;
    }

    /** Writes the header of a record that was claimed; properties and payload follow at {@link #propertiesAt}. */
    public void writeHeader(long position, long sequence, int propertiesLength, int payloadLength, long sentMs) {
        final Region region = log.region(position);
        final int at = RecordLog.offsetOf(position);
        region.intPlain(at + RecordLayout.CRC_OFFSET, 0);
        region.bytePlain(at + RecordLayout.TYPE_OFFSET, (byte) RecordLayout.MESSAGE);
        region.bytePlain(at + RecordLayout.FLAGS_OFFSET, (byte) 0);
        region.shortPlain(at + RecordLayout.TARGET_COUNT_OFFSET, (short) 1);
        region.intPlain(at + RecordLayout.PAYLOAD_LENGTH_OFFSET, payloadLength);
        region.intPlain(at + RecordLayout.PROPERTIES_LENGTH_OFFSET, propertiesLength);
        region.longPlain(at + RecordLayout.SENT_MS_OFFSET, sentMs);
        region.longPlain(at + RecordLayout.QUEUE_OFFSET, number);
        region.longPlain(at + RecordLayout.SEQUENCE_OFFSET, sequence);
    }

    /** Place of a record's properties in its region. */
    public static int propertiesAt(long position) {
        return RecordLog.offsetOf(position) + RecordLayout.SIZE;
    }

    /**
     * Commits the record and makes the message visible, or lets its delay begin.
     *
     * <p>Linearizes at: the store of the control word. Progress: wait-free but for marking. If it stalls before: the
     * message is invisible, nobody waits. Ordering: label slot-publish. Stress: SlotQueueStress.PublishAgainstCursor.
     */
    public void publish(long sequence, long position, long nowMs, long delayMs) {
        log.commit(position);
        int block = directory.ensure(sequence);
        int slot = fillSlot(block, sequence, position, nowMs, 0, 0);
        if (delayMs == 0) {
            publishReady(block, slot, sequence, nowMs, 0);
        } else {
            publishDelayed(block, slot, nowMs, delayMs);
        }
    }

    /**
     * The same for a message that comes from another queue, without delay.
     *
     * @param enqueuedMs engine time at which retention starts
     * @param receiveCount receives so far
     * @param firstReceivedMs engine time of the first of them, or 0
     */
    public void publishMoved(long sequence, long position, long enqueuedMs, int receiveCount, long firstReceivedMs) {
        log.commit(position);
        int block = directory.ensure(sequence);
        int slot = fillSlot(block, sequence, position, enqueuedMs, receiveCount, firstReceivedMs);
        ends.incrementAndGet(MOVED_IN);
        publishReady(block, slot, sequence, enqueuedMs, receiveCount);
    }

    private int fillSlot(
            int block, long sequence, long position, long enqueuedMs, int receiveCount, long firstReceivedMs) {
        Region region = pool.region(block);
        int slot = SlotLayout.slot(BlockLayout.base(block), sequence);
        region.longPlain(slot + SlotLayout.SEQUENCE_OFFSET, sequence);
        region.longPlain(slot + SlotLayout.POSITION_OFFSET, position);
        region.longPlain(slot + SlotLayout.RECEIVE_COUNT_OFFSET, receiveCount);
        region.longPlain(slot + SlotLayout.ENQUEUED_MS_OFFSET, enqueuedMs);
        region.longPlain(slot + SlotLayout.FIRST_RECEIVED_MS_OFFSET, firstReceivedMs);
        return slot;
    }

    private void publishReady(int block, int slot, long sequence, long enqueuedMs, int receiveCount) {
        Region region = pool.region(block);
        long writing = region.longPlain(slot + SlotLayout.CONTROL_OFFSET);
        long ready = ControlWord.publish(writing, receiveCount);
        region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, ready); // hb: slot-publish (volatile)
        afterVisible(sequence);
        core.conductor().arm(block, enqueuedMs + settings.retentionMs());
    }

    private void publishDelayed(int block, int slot, long nowMs, long delayMs) {
        Region region = pool.region(block);
        long writing = region.longPlain(slot + SlotLayout.CONTROL_OFFSET);
        long deadlineMs = time.after(nowMs, delayMs);
        words.getAndAdd(DELAYED, 1);
        long delayed = ControlWord.publishDelayed(writing, deadlineMs);
        region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, delayed); // hb: slot-publish (volatile)
        core.conductor().arm(block, Math.min(deadlineMs, nowMs + settings.retentionMs()));
    }

    /** What every store of READY is followed by; the store was a full fence. Invariant 2. */
    private void afterVisible(long sequence) {
        if (words.volatileRead(CURSOR) > sequence) {
            directory.markReturned(sequence);
        }
    }

    /** Gives up a sequence whose message will not come; its slot ends. */
    public void abandon(long sequence) {
        final int block = directory.ensure(sequence);
        final Region region = pool.region(block);
        final int index = SlotLayout.slot(BlockLayout.base(block), sequence) + SlotLayout.CONTROL_OFFSET;
        region.longVolatile(index, ControlWord.end(region.longPlain(index))); // hb: slot-publish (volatile)
        ends.incrementAndGet(ABORTED);
        words.getAndAdd(ENDED, 1);
        directory.countEnded(block, 1);
    }

    // ---- receive --------------------------------------------------------------------------------------------------

    /**
     * Claims up to {@code max} visible messages, returned ones first, lowest sequence first.
     *
     * <p>Linearizes at: for each message, the CAS of its control word; when empty, at the read of TAIL. Progress:
     * lock-free: a lost CAS is another's claim. If it stalls between moving the cursor and claiming: the messages in
     * between wait for it, at most {@code max}. Ordering: labels slot-publish, slot-claim. Stress: SlotQueueStress.TwoClaimers.
     *
     * @return how many, or a code of {@link Codes}
     */
    public int claim(int max, long nowMs, long visibilityTimeoutMs, ClaimSink sink) {
        if (closed) {
            return (int) Codes.CLOSED;
        }
        final QueueSettings current = settings;
        final int admitted = admit(max, current.maxInFlight());
        if (admitted == 0) {
            return (int) Codes.IN_FLIGHT_LIMIT;
        }
        int claimed = claimReturned(admitted, nowMs, visibilityTimeoutMs, current, sink);
        if (claimed < admitted) {
            claimed += claimFresh(admitted - claimed, nowMs, visibilityTimeoutMs, current, sink);
        }
        final int delta = current.maxInFlight() == Long.MAX_VALUE ? claimed : claimed - admitted;
        if (delta != 0) {
            words.getAndAdd(IN_FLIGHT, delta);
        }
        if (claimed > 0) {
            words.getAndAdd(RECEIVED, claimed);
        }
        return claimed;
    }

    /** How many of {@code max} the in-flight limit allows; where there is one, they are counted in beforehand. */
    private int admit(int max, long limit) {
        if (limit == Long.MAX_VALUE) {
            return max;
        }
        for (; ; ) {
            final long inFlight = words.volatileRead(IN_FLIGHT);
            final int admitted = (int) Math.max(0, Math.min(max, limit - inFlight));
            if (admitted == 0 || words.cas(IN_FLIGHT, inFlight, inFlight + admitted)) {
                return admitted;
            }
        }
    }

    private int claimReturned(int max, long nowMs, long hiddenMs, QueueSettings current, ClaimSink sink) {
        int claimed = 0;
        while (claimed < max && directory.mayHaveReturned()) {
            final long sequence = directory.takeReturned();
            if (sequence == Directory.NOTHING) {
                break;
            }
            final long near = directory.findNear(sequence);
            if (near != Directory.NONE && claimSlot(near, sequence, nowMs, hiddenMs, current, sink)) {
                claimed++;
            }
        }
        return claimed;
    }

    private int claimFresh(int max, long nowMs, long hiddenMs, QueueSettings current, ClaimSink sink) {
        int claimed = 0;
        while (claimed < max) {
            final long cursor = words.volatileRead(CURSOR);
            final long waiting = words.volatileRead(TAIL) - cursor; // hb: sequence-take (volatile)
            if (waiting <= 0) {
                break;
            }
            final long end = cursor + Math.min(waiting, max - claimed);
            if (words.cas(CURSOR, cursor, end)) {
                claimed += claimRange(cursor, end, nowMs, hiddenMs, current, sink);
            }
        }
        return claimed;
    }

    private int claimRange(long first, long end, long nowMs, long hiddenMs, QueueSettings current, ClaimSink sink) {
        int claimed = 0;
        long sequence = first;
        while (sequence < end) {
            final long chunkEnd = Math.min(end, (sequence | BlockLayout.SLOTS - 1) + 1);
            final long near = directory.findNear(sequence);
            if (near == Directory.NONE) {
                sequence = chunkEnd; // all of it has ended
                continue;
            }
            for (; sequence < chunkEnd; sequence++) {
                if (claimSlot(near, sequence, nowMs, hiddenMs, current, sink)) {
                    claimed++;
                }
            }
        }
        return claimed;
    }

    /**
     * Claims one slot if it is visible. A message past its retention ends here, one that was received too often moves.
     *
     * <p>What is read before the CAS may belong to another chunk if {@code near} was a stale hint; the generation tells,
     * and the CAS fails if it changes after. From the CAS on, the chunk cannot go before this operation leaves.
     */
    private boolean claimSlot(
            long near, long sequence, long nowMs, long hiddenMs, QueueSettings current, ClaimSink sink) {
        final int block = Directory.blockOfNear(near);
        final Region region = pool.region(block);
        final int slot = SlotLayout.slot(BlockLayout.base(block), sequence);
        final long deadlineMs = time.after(nowMs, hiddenMs);
        long control = region.longAcquire(slot + SlotLayout.CONTROL_OFFSET); // hb: slot-publish (acquire)
        while (ControlWord.isIn(control, ControlWord.READY)
                && ControlWord.generation(control) == Directory.generationOfNear(near)
                && mayDeliver(block, region, slot, sequence, control, nowMs, current)) {
            final long claimed = ControlWord.claim(control, deadlineMs);
            final long witness = region.compareAndExchangeLong(
                    slot + SlotLayout.CONTROL_OFFSET, control, claimed); // hb: slot-claim (volatile)
            if (witness == control) {
                afterClaim(block, region, slot, claimed, nowMs, deadlineMs);
                sink.onClaimed(block, region, slot, sequence, claimed);
                return true;
            }
            control = witness;
        }
        return false;
    }

    private boolean mayDeliver(
            int block, Region region, int slot, long sequence, long control, long nowMs, QueueSettings current) {
        if (region.longPlain(slot + SlotLayout.ENQUEUED_MS_OFFSET) + current.retentionMs() <= nowMs) {
            end(block, region, slot, control, EXPIRED);
            return false;
        }
        return current.maxReceives() == QueueSettings.UNLIMITED_RECEIVES
                || ReceiveCount.of(region, slot, control) < current.maxReceives()
                || !leavesForDeadLetters(block, region, slot, sequence, control, nowMs);
    }

    /** Only the winner of the claim comes here, so nobody else writes these words; see FLIGHT_STARTED in CONCURRENCY. */
    private void afterClaim(int block, Region region, int slot, long claimed, long nowMs, long deadlineMs) {
        if (region.longOpaque(slot + SlotLayout.FIRST_RECEIVED_MS_OFFSET) == 0) {
            region.longOpaque(slot + SlotLayout.FIRST_RECEIVED_MS_OFFSET, nowMs);
        }
        region.longOpaque(slot + SlotLayout.FLIGHT_STARTED_MS_OFFSET, nowMs);
        ReceiveCount.afterClaim(region, slot, claimed);
        core.conductor().arm(block, deadlineMs);
    }

    /** Receives of a message so far, given a control word of its slot. */
    public static int receiveCount(Region region, int slot, long control) {
        return ReceiveCount.of(region, slot, control);
    }

    // ---- what receivers do with a message ---------------------------------------------------------------------------

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
        final int block = directory.find(sequence);
        if (block == Directory.NONE) {
            return false;
        }
        final Region region = pool.region(block);
        final int slot = SlotLayout.slot(BlockLayout.base(block), sequence);
        for (; ; ) {
            final long control = settledControl(region, slot);
            if (!ControlWord.isLive(control)) {
                return false;
            }
            if (end(block, region, slot, control, ACKED)) {
                return true;
            }
        }
    }

    /** Whether the flight that {@code control} began is still the current one; its deadline may have changed. */
    public boolean isFlight(int block, int slot, long control) {
        long now = pool.region(block).longAcquire(slot + SlotLayout.CONTROL_OFFSET); // hb: slot-claim (acquire)
        return now == control || ControlWord.isSameFlight(now, control);
    }

    /**
     * Ends those of the first {@code count} messages of a run that were answered with ACK, and counts them together.
     *
     * <p>Each is one CAS without a look at the directory: the generation in the word proves that the chunk is the same.
     */
    public void ackAll(ClaimedRun run, Disposition[] answers, int count) {
        int acked = 0;
        for (int i = 0; i < count; i++) {
            if (answers[i] == Disposition.ACK) {
                Region region = pool.region(run.block(i));
                int index = run.slot(i) + SlotLayout.CONTROL_OFFSET;
                if (region.casLong(index, run.control(i), ControlWord.end(run.control(i)))) { // hb: slot-end (volatile)
                    log.release(region.longPlain(run.slot(i) + SlotLayout.POSITION_OFFSET));
                    directory.countEnded(run.block(i), 1);
                    acked++;
                } else {
                    ack(run.sequence(
                            i)); // extended, expired or taken by another: any delivery of a living message acks
                }
            }
        }
        if (acked > 0) {
            words.getAndAdd(IN_FLIGHT, -acked);
            words.getAndAdd(ENDED, acked);
        }
    }

    /** The control word when no thread owns the slot for a copy or a move. */
    private static long settledControl(Region region, int slot) {
        long control = region.longAcquire(slot + SlotLayout.CONTROL_OFFSET); // hb: slot-claim (acquire)
        while (ControlWord.isIn(control, ControlWord.MOVING)) {
            Thread.onSpinWait();
            control = region.longAcquire(slot + SlotLayout.CONTROL_OFFSET);
        }
        return control;
    }

    /** Ends a message; exactly one caller wins and does what follows. Invariant 3. */
    private boolean end(int block, Region region, int slot, long control, int how) {
        if (!region.casLong(
                slot + SlotLayout.CONTROL_OFFSET, control, ControlWord.end(control))) { // hb: slot-end (volatile)
            return false;
        }
        afterEnd(block, region, slot, control, how);
        return true;
    }

    private void afterEnd(int block, Region region, int slot, long control, int how) {
        countOut(control);
        if (how != ACKED) {
            ends.incrementAndGet(how);
        }
        words.getAndAdd(ENDED, 1);
        log.release(region.longPlain(slot + SlotLayout.POSITION_OFFSET));
        directory.countEnded(block, 1);
    }

    private void countOut(long control) {
        if (ControlWord.isIn(control, ControlWord.IN_FLIGHT)) {
            words.getAndAdd(IN_FLIGHT, -1);
        } else if (ControlWord.isIn(control, ControlWord.DELAYED)) {
            words.getAndAdd(DELAYED, -1);
        }
    }

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
        final int block = directory.find(sequence);
        if (block == Directory.NONE) {
            return Change.NOT_IN_FLIGHT;
        }
        final Region region = pool.region(block);
        final int slot = SlotLayout.slot(BlockLayout.base(block), sequence);
        for (; ; ) {
            final long control = settledControl(region, slot);
            if (!ControlWord.isIn(control, ControlWord.IN_FLIGHT) || ControlWord.isDue(control, nowMs)) {
                return Change.NOT_IN_FLIGHT;
            }
            final long startedMs = region.longOpaque(slot + SlotLayout.FLIGHT_STARTED_MS_OFFSET);
            if (hiddenMs > 0 && nowMs + hiddenMs - startedMs > settings.visibilityCapMs()) {
                return Change.BEYOND_CAP;
            }
            if (hiddenMs == 0
                    ? release(region, slot, sequence, control)
                    : extend(block, region, slot, control, nowMs, hiddenMs)) {
                return Change.DONE;
            }
        }
    }

    private boolean extend(int block, Region region, int slot, long control, long nowMs, long hiddenMs) {
        final long deadlineMs = time.after(nowMs, hiddenMs);
        final long extended = ControlWord.extend(control, deadlineMs);
        if (!region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, extended)) { // hb: slot-claim (volatile)
            return false;
        }
        core.conductor().arm(block, deadlineMs);
        return true;
    }

    /** DELAYED or IN_FLIGHT to READY. */
    private boolean release(Region region, int slot, long sequence, long control) {
        final long ready = ControlWord.release(control);
        if (!region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, ready)) { // hb: slot-publish (volatile)
            return false;
        }
        countOut(control);
        afterVisible(sequence);
        return true;
    }

    /** Makes the flight that {@code control} names visible again at once; false if it is no longer the current one. */
    public boolean releaseFlight(int block, int slot, long sequence, long control) {
        return release(pool.region(block), slot, sequence, control);
    }

    /** Undoes a claim whose delivery reached nobody; false if the flight has ended meanwhile. */
    public boolean unclaim(int block, int slot, long sequence, long control) {
        final Region region = pool.region(block);
        final long ready = ControlWord.unclaim(control);
        if (!region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, ready)) { // hb: slot-publish (volatile)
            return false;
        }
        words.getAndAdd(IN_FLIGHT, -1);
        words.getAndAdd(RECEIVED, -1);
        afterVisible(sequence);
        return true;
    }

    /** Undoes a claim by its sequence and the word that it stored. */
    public boolean unclaim(long sequence, long control) {
        final int block = directory.find(sequence);
        return block != Directory.NONE
                && unclaim(block, SlotLayout.slot(BlockLayout.base(block), sequence), sequence, control);
    }

    // ---- dead letters -----------------------------------------------------------------------------------------------

    /** Takes a message that may not be received again out of this queue; false if it stays, to be delivered after all. */
    private boolean leavesForDeadLetters(int block, Region region, int slot, long sequence, long control, long nowMs) {
        if (!region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, ControlWord.move(control))) {
            return true; // somebody else has it
        }
        switch (deadLetters.move(region, slot, sequence, control, nowMs)) {
            case MOVED -> endMoved(block, region, slot, control);
            case NO_ROOM -> hideUntilNextTry(block, region, slot, control, nowMs);
            case NO_TARGET -> {
                region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, control); // hb: slot-publish (volatile)
                return false;
            }
        }
        return true;
    }

    private void endMoved(int block, Region region, int slot, long control) {
        region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, ControlWord.end(control)); // hb: slot-end (volatile)
        afterEnd(block, region, slot, control, DEAD_LETTERED);
    }

    private void hideUntilNextTry(int block, Region region, int slot, long control, long nowMs) {
        final long deadlineMs = time.after(nowMs, MOVE_RETRY_MS);
        countOut(control);
        words.getAndAdd(DELAYED, 1);
        final long hidden = ControlWord.moved(ControlWord.extend(control, deadlineMs), ControlWord.DELAYED);
        region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, hidden); // hb: slot-publish (volatile)
        core.conductor().arm(block, deadlineMs);
    }

    /**
     * Moves a message that is in flight to another queue at once.
     *
     * @param mover copies it there
     * @return empty if there is no such flight, else what the mover answered
     */
    public Optional<DeadLetters.Move> moveFlight(long sequence, long nowMs, DeadLetters mover) {
        final int block = directory.find(sequence);
        if (block == Directory.NONE) {
            return Optional.empty();
        }
        final Region region = pool.region(block);
        final int slot = SlotLayout.slot(BlockLayout.base(block), sequence);
        for (; ; ) {
            final long control = settledControl(region, slot);
            if (!ControlWord.isIn(control, ControlWord.IN_FLIGHT) || ControlWord.isDue(control, nowMs)) {
                return Optional.empty();
            }
            if (region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, ControlWord.move(control))) {
                final DeadLetters.Move answer = mover.move(region, slot, sequence, control, nowMs);
                if (answer == DeadLetters.Move.MOVED) {
                    endMoved(block, region, slot, control);
                } else {
                    region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, control); // hb: slot-claim (volatile)
                    core.conductor().arm(block, ControlWord.deadlineMs(control, nowMs));
                }
                return Optional.of(answer);
            }
        }
    }

    /** The next message that was moved on request, or none; and the sequence behind it. */
    public record Moved(Optional<DeadLetters.Move> move, long nextSequence) {}

    /** Moves the first visible message between two sequences. */
    public Moved moveVisible(long firstSequence, long endSequence, long nowMs, DeadLetters mover) {
        Moved[] moved = {new Moved(Optional.empty(), endSequence)};
        forEachSlot(firstSequence, endSequence, (block, region, slot, sequence) -> {
            long control = region.longAcquire(slot + SlotLayout.CONTROL_OFFSET); // hb: slot-publish (acquire)
            if (!ControlWord.isIn(control, ControlWord.READY)
                    || !region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, ControlWord.move(control))) {
                return true;
            }
            DeadLetters.Move answer = mover.move(region, slot, sequence, control, nowMs);
            if (answer == DeadLetters.Move.MOVED) {
                endMoved(block, region, slot, control);
            } else {
                region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, control); // hb: slot-publish (volatile)
                afterVisible(sequence);
            }
            moved[0] = new Moved(Optional.of(answer), answer == DeadLetters.Move.MOVED ? sequence + 1 : sequence);
            return false;
        });
        return moved[0];
    }

    // ---- time -------------------------------------------------------------------------------------------------------

    @Override
    public void onBlockDue(int block, long nowMs) {
        final Region region = pool.region(block);
        final int base = BlockLayout.base(block);
        final long generation = region.longAcquire(base + BlockLayout.GENERATION_OFFSET);
        final long first = region.longAcquire(base + BlockLayout.FIRST_SEQUENCE_OFFSET);
        if (first < 0 || region.longAcquire(base + BlockLayout.OWNER_OFFSET) != number) {
            return;
        }
        long nextMs = Long.MAX_VALUE;
        for (int i = 0; i < BlockLayout.SLOTS; i++) {
            final int slot = SlotLayout.slot(base, i);
            nextMs = Math.min(nextMs, slotDue(block, region, slot, first + i, (int) generation & 0xFFFF, nowMs));
        }
        if (nextMs != Long.MAX_VALUE) {
            core.conductor().arm(block, nextMs);
        }
    }

    @Override
    public void afterDue() {
        onVisible.run();
    }

    /** Does what is due for one slot; when to look at it again. */
    private long slotDue(int block, Region region, int slot, long sequence, int generation, long nowMs) {
        for (; ; ) {
            final long control = region.longAcquire(slot + SlotLayout.CONTROL_OFFSET); // hb: slot-claim (acquire)
            if (ControlWord.generation(control) != generation) {
                return Long.MAX_VALUE; // the chunk has gone
            }
            if (!ControlWord.isLive(control)) {
                return isOwned(control) ? nowMs + 1 : Long.MAX_VALUE;
            }
            final long expiryMs = region.longPlain(slot + SlotLayout.ENQUEUED_MS_OFFSET) + settings.retentionMs();
            if (expiryMs <= nowMs) {
                if (end(block, region, slot, control, EXPIRED)) {
                    return Long.MAX_VALUE;
                }
                continue;
            }
            if (ControlWord.isIn(control, ControlWord.READY)) {
                return expiryMs;
            }
            if (!ControlWord.isDue(control, nowMs)) {
                return Math.min(expiryMs, ControlWord.deadlineMs(control, nowMs));
            }
            if (release(region, slot, sequence, control)) {
                return expiryMs;
            }
        }
    }

    private static boolean isOwned(long control) {
        return ControlWord.isIn(control, ControlWord.MOVING) || ControlWord.isIn(control, ControlWord.COMMITTING);
    }

    // ---- administration ---------------------------------------------------------------------------------------------

    /** Visits slots in order of sequence until the visitor answers false. */
    @FunctionalInterface
    public interface SlotVisitor {
        boolean visit(int block, Region region, int slot, long sequence);
    }

    private void forEachSlot(long firstSequence, long endSequence, SlotVisitor visitor) {
        for (long from = firstSequence; from < endSequence; ) {
            final int block = directory.nextChunk(from);
            if (block == Directory.NONE) {
                return;
            }
            final Region region = pool.region(block);
            final int base = BlockLayout.base(block);
            final long first = region.longPlain(base + BlockLayout.FIRST_SEQUENCE_OFFSET);
            final long end = Math.min(endSequence, first + BlockLayout.SLOTS);
            for (long sequence = Math.max(first, from); sequence < end; sequence++) {
                if (!visitor.visit(block, region, SlotLayout.slot(base, sequence), sequence)) {
                    return;
                }
            }
            from = first + BlockLayout.SLOTS;
        }
    }

    /** Visits the slots of all messages sent before the call, in order, until the visitor answers false. */
    public void forEachSlot(SlotVisitor visitor) {
        forEachSlot(0, words.volatileRead(TAIL), visitor);
    }

    /** Looks again at every chunk: retention has become shorter. */
    public void rearm(long nowMs) {
        forEachSlot((block, region, slot, sequence) -> {
            core.conductor().arm(block, nowMs);
            return true;
        });
    }

    /**
     * Ends every message sent before the call: visible, delayed and in flight. O(n).
     *
     * @return how many
     */
    public long purge() {
        final long end = words.volatileRead(TAIL);
        final long[] purged = new long[1];
        forEachSlot(0, end, (block, region, slot, sequence) -> {
            long control = settledControl(region, slot);
            while (ControlWord.isLive(control)) {
                if (end(block, region, slot, control, PURGED)) {
                    purged[0]++;
                    break;
                }
                control = settledControl(region, slot);
            }
            return true;
        });
        skipTo(end);
        return purged[0];
    }

    /** Moves the cursor over sequences that have ended; one still WRITING will be marked by its publisher. */
    private void skipTo(long sequence) {
        long cursor = words.volatileRead(CURSOR);
        while (cursor < sequence && !words.cas(CURSOR, cursor, sequence)) {
            cursor = words.volatileRead(CURSOR);
        }
    }

    /** Replaces the settings; they hold for every operation that begins after the call. */
    public void settings(QueueSettings next) {
        settings = next;
    }

    /** Turns operations away that begin after the call. */
    public void close() {
        closed = true;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Gives all slots back. Closed, purged, and nobody who began before the closing still inside. */
    public void release() {
        directory.release();
    }

    // ---- figures ----------------------------------------------------------------------------------------------------

    /** The sequence that the next message will get. */
    public long nextSequence() {
        return words.volatileRead(TAIL);
    }

    /** The counters as one picture; exact when nothing runs. O(1) but for the age, which looks for the oldest message. */
    public QueueStats stats(int waitingReceivers, long nowMs) {
        final long ended = words.volatileRead(ENDED);
        final long inFlight = Math.max(0, words.volatileRead(IN_FLIGHT));
        final long delayed = Math.max(0, words.volatileRead(DELAYED));
        final long tail = words.volatileRead(TAIL);
        return new QueueStats(
                Math.max(0, tail - ended - inFlight - delayed),
                inFlight,
                delayed,
                tail - ends.get(ABORTED) - ends.get(MOVED_IN),
                words.volatileRead(RECEIVED),
                ended - ends.get(ABORTED) - ends.get(EXPIRED) - ends.get(DEAD_LETTERED) - ends.get(PURGED),
                ends.get(EXPIRED),
                ends.get(DEAD_LETTERED),
                ends.get(PURGED),
                waitingReceivers,
                oldestAgeMs(nowMs));
    }

    private OptionalLong oldestAgeMs(long nowMs) {
        final long[] oldest = {-1};
        forEachSlot((block, region, slot, sequence) -> {
            if (!ControlWord.isLive(region.longAcquire(slot + SlotLayout.CONTROL_OFFSET))) {
                return true;
            }
            oldest[0] = Math.max(0, nowMs - region.longPlain(slot + SlotLayout.ENQUEUED_MS_OFFSET));
            return false;
        });
        return oldest[0] < 0 ? OptionalLong.empty() : OptionalLong.of(oldest[0]);
    }
}
