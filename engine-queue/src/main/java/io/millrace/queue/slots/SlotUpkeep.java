package io.millrace.queue.slots;

import io.millrace.api.queue.QueueStats;
import io.millrace.core.EngineCore;
import io.millrace.core.conductor.BlockOwner;
import io.millrace.core.log.Cleaner;
import io.millrace.core.log.RecordLog;
import io.millrace.core.memory.Region;
import io.millrace.core.slot.BlockLayout;
import io.millrace.core.slot.BlockPool;
import io.millrace.core.slot.ControlWord;
import io.millrace.core.slot.Directory;
import io.millrace.core.slot.SlotLayout;
import io.millrace.queue.slots.QueueCounters.End;
import io.millrace.queue.state.QueueLedger;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What happens to a queue's slots other than by sending and receiving: deadlines that come, purges, moves on request, walks
 * and figures. Thread-safe; every method but {@link #afterDue} and {@link #counted} is called inside the gate.
 */
public final class SlotUpkeep implements BlockOwner {
    private static final long NEVER = Long.MAX_VALUE;

    private final EngineCore core;
    private final BlockPool pool;
    private final SlotQueue queue;
    private final Directory directory;
    private final QueueCounters counters;
    private final QueueLedger ledger;
    private final Runnable onVisible;
    private final AtomicBoolean noticed = new AtomicBoolean();

    /** @param onVisible called outside the gate after deadlines made messages visible */
    public SlotUpkeep(EngineCore core, SlotQueue queue, QueueLedger ledger, Runnable onVisible) {
        this.ledger = ledger;
        this.core = core;
        this.pool = core.pool();
        this.queue = queue;
        this.directory = queue.directory();
        this.counters = queue.counters();
        this.onVisible = onVisible;
    }

    // ---- deadlines ------------------------------------------------------------------------------------------------

    /**
     * The block was disarmed before. It may be free by now, or on its way to serve another chunk, so the generation is read
     * first and every control word must show it. If it is the old one, whoever uses the block next begins after the disarming
     * and arms it himself; so nothing is missed by looking away. Stress: SlotUpkeepStress.FireAgainstReuse.
     */
    @Override
    public void onBlockDue(int block, long nowMs) {
        Region region = pool.region(block);
        int base = BlockLayout.base(block);
        int generation =
                (int) region.longVolatile(base + BlockLayout.GENERATION_OFFSET) & 0xFFFF; // hb: block-due (volatile)
        long first = region.longAcquire(base + BlockLayout.FIRST_SEQUENCE_OFFSET);
        if (first < 0 || region.longAcquire(base + BlockLayout.OWNER_OFFSET) != queue.number()) {
            return;
        }
        long nextMs = NEVER;
        for (int i = 0; i < BlockLayout.SLOTS; i++) {
            nextMs = Math.min(nextMs, slotDue(block, region, SlotLayout.slot(base, i), first + i, generation, nowMs));
        }
        if (nextMs != NEVER) {
            core.conductor().arm(region, block, nextMs);
        }
    }

    @Override
    public void afterDue() {
        onVisible.run();
    }

    /** Does what is due for one slot; when to look at it again. */
    private long slotDue(int block, Region region, int slot, long sequence, int generation, long nowMs) {
        for (; ; ) {
            long control = region.longAcquire(slot + SlotLayout.CONTROL_OFFSET); // hb: slot-claim (acquire)
            if (ControlWord.generation(control) != generation) {
                return NEVER; // the chunk has gone
            }
            if (!ControlWord.isLive(control)) {
                return isOwned(control) ? nowMs + 1 : NEVER;
            }
            long expiryMs = region.longPlain(slot + SlotLayout.ENQUEUED_MS_OFFSET)
                    + queue.settings().retentionMs();
            if (expiryMs <= nowMs) {
                if (queue.end(block, region, slot, control, End.EXPIRED)) {
                    return NEVER;
                }
            } else if (ControlWord.isIn(control, ControlWord.READY)) {
                return expiryMs;
            } else if (!ControlWord.isDue(control, nowMs)) {
                return Math.min(expiryMs, ControlWord.deadlineMs(control, nowMs));
            } else if (queue.release(region, slot, sequence, control)) {
                return expiryMs;
            }
        }
    }

    private static boolean isOwned(long control) {
        return ControlWord.isIn(control, ControlWord.MOVING) || ControlWord.isIn(control, ControlWord.COMMITTING);
    }

    /** Looks at every chunk again: retention has become shorter. */
    public void rearm(long nowMs) {
        forEachSlot((block, region, slot, sequence) -> {
            core.conductor().arm(region, block, nowMs);
            return true;
        });
    }

    // ---- moves within the log -------------------------------------------------------------------------------------

    /**
     * Copies the record while the message is MOVING, so that nobody claims, ends or changes it; whoever wants to waits for the
     * copy.
     *
     * <p>Linearizes at: the store of POSITION; the message is the same before and after. Progress: a lost CAS is another's
     * change of the message. If it stalls: operations on this message wait. Ordering: label record-move. Stress:
     * SlotQueueStress.MoveAgainstClaim.
     */
    @Override
    public void relocate(long sequence, long position, Cleaner cleaner) {
        int block = directory.find(sequence);
        if (block == Directory.NONE) {
            return;
        }
        Region region = pool.region(block);
        int slot = SlotLayout.slot(BlockLayout.base(block), sequence);
        for (; ; ) {
            long control = SlotQueue.settledControl(region, slot);
            if (!ControlWord.isLive(control) || SlotQueue.position(region, slot) != position) {
                return;
            }
            if (region.casLong(
                    slot + SlotLayout.CONTROL_OFFSET, control, ControlWord.move(control))) { // hb: slot-claim
                copyRecord(region, slot, sequence, control, position, cleaner);
                return;
            }
        }
    }

    private void copyRecord(Region region, int slot, long sequence, long control, long position, Cleaner cleaner) {
        try {
            long copy = cleaner.copy(position, ReceiveCount.of(region, slot, control), hiddenUntilMs(control));
            if (copy != RecordLog.NO_ROOM) {
                region.longRelease(slot + SlotLayout.POSITION_OFFSET, copy); // hb: record-move (release)
                queue.releaseCopied(position); // before anybody can end the copy, whose place may then be used again
            }
        } finally {
            region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, control); // hb: slot-publish (volatile)
            if (ControlWord.isIn(control, ControlWord.READY)) {
                queue.afterVisible(sequence); // whoever wanted to claim or move it meanwhile has turned away
                noticeLater();
            }
        }
    }

    private long hiddenUntilMs(long control) {
        return ControlWord.isIn(control, ControlWord.READY)
                ? 0
                : ControlWord.deadlineMs(control, core.time().nowMs());
    }

    @Override
    public void relocateState(long position, Cleaner cleaner) {
        ledger.relocate(position, cleaner);
    }

    /** Serves who waits when some operation has left the gate; once for many messages. */
    private void noticeLater() {
        if (noticed.compareAndSet(false, true)) {
            core.conductor().defer(() -> {
                noticed.set(false);
                onVisible.run();
            });
        }
    }

    // ---- walks ----------------------------------------------------------------------------------------------------

    /** Visits slots in order of sequence until the visitor answers false. */
    @FunctionalInterface
    public interface SlotVisitor {
        boolean visit(int block, Region region, int slot, long sequence);
    }

    /** Visits the slots of all messages sent before the call, in order, until the visitor answers false. */
    public void forEachSlot(SlotVisitor visitor) {
        forEachSlot(0, counters.tail(), visitor);
    }

    private void forEachSlot(long firstSequence, long endSequence, SlotVisitor visitor) {
        for (long from = firstSequence; from < endSequence; ) {
            int block = directory.nextChunk(from);
            if (block == Directory.NONE) {
                return;
            }
            Region region = pool.region(block);
            int base = BlockLayout.base(block);
            long first = region.longPlain(base + BlockLayout.FIRST_SEQUENCE_OFFSET);
            long end = Math.min(endSequence, first + BlockLayout.SLOTS);
            for (long sequence = Math.max(first, from); sequence < end; sequence++) {
                if (!visitor.visit(block, region, SlotLayout.slot(base, sequence), sequence)) {
                    return;
                }
            }
            from = first + BlockLayout.SLOTS;
        }
    }

    /**
     * Ends every message sent before the call: visible, delayed and in flight. O(n). Stress:
     * SlotQueueStress.PurgeAgainstReceive.
     *
     * @return how many
     */
    public long purge() {
        long end = counters.tail();
        long[] purged = new long[1];
        forEachSlot(0, end, (block, region, slot, sequence) -> {
            long control = SlotQueue.settledControl(region, slot);
            while (ControlWord.isLive(control)) {
                if (queue.end(block, region, slot, control, End.PURGED)) {
                    purged[0]++;
                    break;
                }
                control = SlotQueue.settledControl(region, slot);
            }
            return true;
        });
        return purged[0];
    }

    /** The next message that was moved on request, or none; and the sequence behind it. */
    public record Moved(Optional<DeadLetters.Move> move, long nextSequence) {}

    /** Moves the first visible message between two sequences. */
    public Moved moveVisible(long firstSequence, long endSequence, long nowMs, DeadLetters mover) {
        Moved[] moved = {new Moved(Optional.empty(), endSequence)};
        forEachSlot(firstSequence, endSequence, (block, region, slot, sequence) -> {
            long control = takeToMove(region, slot);
            if (!ControlWord.isIn(control, ControlWord.READY)) {
                return true;
            }
            DeadLetters.Move answer = queue.attempt(mover, region, slot, sequence, control, nowMs);
            if (answer == DeadLetters.Move.MOVED) {
                queue.endMoved(block, region, slot, control, End.REDRIVEN);
            } else {
                queue.returnMoving(region, slot, sequence, control);
            }
            moved[0] = new Moved(Optional.of(answer), answer == DeadLetters.Move.MOVED ? sequence + 1 : sequence);
            return false;
        });
        return moved[0];
    }

    /** READY to MOVING; the word before, or the word that says why not. */
    private static long takeToMove(Region region, int slot) {
        for (; ; ) {
            long control = SlotQueue.settledControl(region, slot);
            if (!ControlWord.isIn(control, ControlWord.READY)
                    || region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, ControlWord.move(control))) {
                return control; // hb: slot-claim (volatile)
            }
        }
    }

    /** Gives all slots back. The queue is closed and purged, and nobody who began before the closing is still inside. */
    public void release() {
        directory.release();
    }

    // ---- figures --------------------------------------------------------------------------------------------------

    /** The sequence that the next message will get. */
    public long nextSequence() {
        return counters.tail();
    }

    /** The counters as one picture; exact when nothing runs. O(1) but for the age, which looks for the oldest message. */
    public QueueStats stats(int waitingReceivers, long nowMs) {
        return counted(waitingReceivers, oldestAgeMs(nowMs));
    }

    /** The same with an age that is known or not asked for; may be called outside the gate and at any time. */
    public QueueStats counted(int waitingReceivers, OptionalLong oldestAgeMs) {
        long living = counters.living();
        long inFlight = Math.max(0, counters.inFlight());
        long delayed = Math.max(0, counters.delayed());
        return new QueueStats(
                Math.max(0, living - inFlight - delayed),
                inFlight,
                delayed,
                counters.sent(),
                counters.received(),
                counters.ended(End.ACKED),
                counters.ended(End.EXPIRED),
                counters.ended(End.DEAD_LETTERED),
                counters.ended(End.PURGED),
                waitingReceivers,
                oldestAgeMs);
    }

    /** How long ago the first message that lives was sent, if there is one. */
    public OptionalLong oldestAgeMs(long nowMs) {
        long[] oldest = {-1};
        forEachSlot((block, region, slot, sequence) -> {
            if (!ControlWord.isLive(SlotQueue.settledControl(region, slot))) {
                return true;
            }
            oldest[0] = Math.max(0, nowMs - region.longPlain(slot + SlotLayout.ENQUEUED_MS_OFFSET));
            return false;
        });
        return oldest[0] < 0 ? OptionalLong.empty() : OptionalLong.of(oldest[0]);
    }
}
