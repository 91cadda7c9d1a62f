package io.millrace.queue.slots;

import io.millrace.core.EngineCore;
import io.millrace.core.log.Fate;
import io.millrace.core.log.Fates;
import io.millrace.core.log.RecordLog;
import io.millrace.core.log.RecoveredRecord;
import io.millrace.core.memory.Region;
import io.millrace.core.slot.BlockLayout;
import io.millrace.core.slot.BlockPool;
import io.millrace.core.slot.ControlWord;
import io.millrace.core.slot.Directory;
import io.millrace.core.slot.DirectoryRestore;
import io.millrace.core.slot.SlotLayout;
import java.util.Objects;
import org.agrona.collections.LongArrayList;

/**
 * Puts the messages of an earlier run back into a queue that nobody knows yet. They may come in any order, and more than
 * once: of two records of one message the higher copy counts. Confined to the opening thread.
 */
// Invariant: a record that was found alive is either the position of a live slot here or has been ended and released.
public final class SlotRestore {
    private final EngineCore core;
    private final BlockPool pool;
    private final RecordLog log;
    private final Fates fates;
    private final Directory target;
    private final DirectoryRestore directory;
    private final boolean releaseFlights;
    private final long nowMs;
    private final LongArrayList superseded = new LongArrayList();
    private long living;
    private long lowest = Long.MAX_VALUE;
    private long highest = -1;

    /** @param releaseFlights whether messages that were in flight are visible at once */
    public SlotRestore(EngineCore core, Directory directory, boolean releaseFlights) {
        this.core = core;
        this.pool = core.pool();
        this.log = core.log();
        this.fates = Objects.requireNonNull(log.fates(), "log is in memory");
        this.target = directory;
        this.directory = new DirectoryRestore(directory);
        this.releaseFlights = releaseFlights;
        this.nowMs = core.time().nowMs();
    }

    /** Takes a message in that lives, or another record of it; false if there is no memory for its slot. */
    public boolean put(RecoveredRecord record) {
        final long sequence = record.sequence();
        final int block = directory.ensure(sequence);
        if (block == Directory.NONE) {
            return false;
        }
        final Region region = pool.region(block);
        final int slot = SlotLayout.slot(BlockLayout.base(block), sequence);
        if (isAlive(region, slot)) {
            final long other = region.longPlain(slot + SlotLayout.POSITION_OFFSET);
            final boolean newer = isNewer(record.copyNumber(), other);
            supersede(newer ? other : record.position());
            if (newer) {
                fill(region, slot, record);
            }
            return true;
        }
        fill(region, slot, record);
        directory.revive(block);
        living++;
        lowest = Math.min(lowest, sequence);
        highest = Math.max(highest, sequence);
        return true;
    }

    private static boolean isAlive(Region region, int slot) {
        return !ControlWord.isIn(region.longPlain(slot + SlotLayout.CONTROL_OFFSET), ControlWord.ENDED);
    }

    private boolean isNewer(short copyNumber, long other) {
        return (short) (copyNumber - fates.copyNumber(other)) > 0;
    }

    /** Noted now, ended when all that was found is on the disk: else a loss of power could leave neither of the two. */
    private void supersede(long position) {
        superseded.addLong(position);
    }

    private void endSuperseded() {
        for (int i = 0; i < superseded.size(); i++) {
            fates.end(superseded.getLong(i), Fate.End.COPIED);
            log.release(superseded.getLong(i));
        }
        superseded.clear();
    }

    private void fill(Region region, int slot, RecoveredRecord record) {
        final int receives = record.receives();
        final long hiddenUntilMs = receives > 0 && releaseFlights ? 0 : record.hiddenUntilMs(nowMs);
        region.longPlain(slot + SlotLayout.POSITION_OFFSET, record.position());
        region.longPlain(slot + SlotLayout.ENQUEUED_MS_OFFSET, record.enqueuedMs());
        region.longPlain(slot + SlotLayout.RECEIVE_COUNT_OFFSET, receives);
        region.longPlain(slot + SlotLayout.FIRST_RECEIVED_MS_OFFSET, record.firstReceivedMs());
        final int control = slot + SlotLayout.CONTROL_OFFSET;
        final long generation = ControlWord.generation(region.longPlain(control));
        region.longPlain(control, wordOf(generation, receives, hiddenUntilMs));
        region.longPlain(slot + SlotLayout.FLIGHT_STARTED_OFFSET, 0);
        if (ControlWord.isIn(region.longPlain(control), ControlWord.IN_FLIGHT)) {
            FlightStart.afterClaim(region, slot, region.longPlain(control), nowMs);
        }
    }

    private long wordOf(long generation, int receives, long hiddenUntilMs) {
        if (hiddenUntilMs <= nowMs) {
            return ControlWord.publish(generation, receives);
        }
        return receives == 0
                ? ControlWord.publishDelayed(generation, hiddenUntilMs)
                : ControlWord.claim(ControlWord.publish(generation, receives - 1), hiddenUntilMs);
    }

    /** Says that a message has ended of which a record may have been put, or may still come. */
    public void end(long sequence) {
        final int block = directory.find(sequence);
        if (block == Directory.NONE) {
            return;
        }
        final Region region = pool.region(block);
        final int slot = SlotLayout.slot(BlockLayout.base(block), sequence);
        if (isAlive(region, slot)) {
            supersede(region.longPlain(slot + SlotLayout.POSITION_OFFSET));
            final int control = slot + SlotLayout.CONTROL_OFFSET;
            region.longPlain(control, ControlWord.end(region.longPlain(control)));
            directory.bury(block);
            living--;
        }
    }

    /** Messages that were put and have not ended. */
    public long living() {
        return living;
    }

    /** The sequence behind the highest that was put, at least 0. */
    public long endSequence() {
        return highest + 1;
    }

    /**
     * Lets the queue go on with what was put.
     *
     * @param nextSequence the sequence that the next message gets: a multiple of 64, and higher than any that was put
     * @return false if there is no memory
     */
    public boolean finish(SlotQueue queue, long nextSequence) {
        if (!directory.finish(nextSequence)) {
            return false;
        }
        endSuperseded();
        final QueueCounters counters = queue.counters();
        counters.restore(nextSequence, Math.min(lowest, nextSequence), living);
        forEachLiving((block, region, slot) -> {
            count(counters, region.longPlain(slot + SlotLayout.CONTROL_OFFSET));
            core.conductor().arm(region, block, nowMs); // the first look tells when to look next
        });
        return true;
    }

    /** Is shown what lives. */
    @FunctionalInterface
    private interface LivingSlots {
        void visit(int block, Region region, int slot);
    }

    private void forEachLiving(LivingSlots visitor) {
        for (int block = target.nextChunk(0); block != Directory.NONE; ) {
            final Region region = pool.region(block);
            for (int i = 0; i < BlockLayout.SLOTS; i++) {
                final int slot = SlotLayout.slot(BlockLayout.base(block), i);
                if (isAlive(region, slot)) {
                    visitor.visit(block, region, slot);
                }
            }
            block = target.nextChunk(target.firstSequence(block) + BlockLayout.SLOTS);
        }
    }

    private static void count(QueueCounters counters, long control) {
        if (ControlWord.isIn(control, ControlWord.IN_FLIGHT)) {
            counters.addInFlight(1);
        } else if (ControlWord.isIn(control, ControlWord.DELAYED)) {
            counters.addDelayed(1);
        }
    }

    /** Ends what was put, since its queue is gone; false if there is no memory. */
    public boolean drop() {
        if (!directory.finish((endSequence() | (BlockLayout.SLOTS - 1)) + 1)) {
            return false;
        }
        forEachLiving((block, region, slot) -> supersede(region.longPlain(slot + SlotLayout.POSITION_OFFSET)));
        endSuperseded();
        target.release();
        return true;
    }
}
