package io.millrace.stress;

import io.millrace.api.EngineConfig;
import io.millrace.api.queue.QueueConfig;
import io.millrace.core.EngineCore;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.memory.Region;
import io.millrace.core.slot.BlockPool;
import io.millrace.core.slot.ControlWord;
import io.millrace.core.slot.SlotLayout;
import io.millrace.queue.slots.ClaimSink;
import io.millrace.queue.slots.DeadLetters;
import io.millrace.queue.slots.QueueSettings;
import io.millrace.queue.slots.Sending;
import io.millrace.queue.slots.SlotQueue;
import io.millrace.queue.slots.SlotUpkeep;
import io.millrace.queue.state.QueueLedger;
import io.millrace.queue.state.QueueState;
import io.millrace.testkit.ManualClock;

/**
 * The core of an engine without its conductor: nothing becomes due by itself, so that whoever tests a race says himself who
 * does what, and at which instant. Thread-safe.
 */
public final class Rig implements AutoCloseable {
    /** As little as an engine may have: three slabs of blocks, and a segment. */
    public static final long LEAST_BYTES = 1L << 20;

    /** Enough for a few hundred blocks. */
    public static final long SMALL_BYTES = 4L << 20;

    /** Enough for the samples that a stress test holds at a time. */
    public static final long LARGE_BYTES = 400L << 20;

    private static final byte[] NO_PROPERTIES = {};

    private final ManualClock clock = new ManualClock();
    private final EngineCore core;

    public Rig(long offHeapBytes) {
        core = new EngineCore(
                EngineConfig.defaults().withOffHeapLimit(offHeapBytes).withClock(clock));
    }

    /** The clock of the engine, which nobody follows: moving it runs nothing. */
    public ManualClock clock() {
        return clock;
    }

    public EngineCore core() {
        return core;
    }

    public OperationGate gate() {
        return core.gate();
    }

    public BlockPool pool() {
        return core.pool();
    }

    /** Engine time, which stands still until somebody moves the clock. */
    public long nowMs() {
        return core.time().nowMs();
    }

    /** A queue of its own, without a dead-letter queue. */
    public Lane lane(QueueConfig config) {
        return lane(config, (region, slot, sequence, control, nowMs) -> DeadLetters.Move.NO_TARGET);
    }

    /** A queue of its own. */
    public Lane lane(QueueConfig config, DeadLetters deadLetters) {
        return new Lane(core, config, deadLetters);
    }

    @Override
    public void close() {
        core.close();
    }

    /** What a claim gave. Confined to one thread. */
    public static final class Taken extends ClaimSink {
        public int count;
        public int block;
        public int slot;
        public long sequence;
        public long control;
        public int receiveCount;

        @Override
        protected void onClaimed(int newBlock, Region region, int newSlot, long newSequence, long newControl) {
            count++;
            block = newBlock;
            slot = newSlot;
            sequence = newSequence;
            control = newControl;
            receiveCount = SlotQueue.receiveCount(region, newSlot, newControl);
        }
    }

    /** A queue whose operations enter the gate by themselves. Thread-safe. */
    public static final class Lane {
        private final EngineCore core;
        private final SlotQueue slots;
        private final SlotUpkeep upkeep;

        Lane(EngineCore core, QueueConfig config, DeadLetters deadLetters) {
            this.core = core;
            final long number = core.nextQueueNumber();
            slots = new SlotQueue(core, number, QueueSettings.of(config), deadLetters, () -> {});
            final QueueLedger ledger = new QueueLedger(core, number, QueueState.created("lane", config));
            upkeep = new SlotUpkeep(core, slots, ledger, () -> {});
        }

        public SlotQueue slots() {
            return slots;
        }

        public SlotUpkeep upkeep() {
            return upkeep;
        }

        /** Lets the conductor of the core know this queue, for those who run it. */
        public void register() {
            core.conductor().register(slots.number(), upkeep);
        }

        /** Begins a message of eight bytes; the result goes to {@link #publish} or {@link #abort}. */
        public Sending begin() {
            final Sending sending = new Sending();
            final int word = core.enter();
            try {
                final long code = slots.begin(sending, core.time().nowMs(), 0, NO_PROPERTIES, Long.BYTES);
                Check.that(code >= 0, "send was refused: code=" + code);
                sending.record().longPlain(sending.payloadAt(), code);
                return sending;
            } finally {
                core.exit(word);
            }
        }

        public void publish(Sending sending, long delayMs) {
            final int word = core.enter();
            try {
                slots.publish(sending, delayMs);
            } finally {
                core.exit(word);
            }
        }

        public void abort(Sending sending) {
            final int word = core.enter();
            try {
                slots.abort(sending);
            } finally {
                core.exit(word);
            }
        }

        /** Sends one message; its sequence. */
        public long send() {
            final Sending sending = begin();
            publish(sending, 0);
            return sending.sequence();
        }

        /** Claims up to {@code max} messages as if it were {@code nowMs}. */
        public Taken claim(int max, long nowMs, long hiddenMs) {
            final Taken taken = new Taken();
            final int word = core.enter();
            try {
                slots.claim(max, nowMs, hiddenMs, taken);
                return taken;
            } finally {
                core.exit(word);
            }
        }

        public boolean ack(long sequence) {
            final int word = core.enter();
            try {
                return slots.ack(sequence);
            } finally {
                core.exit(word);
            }
        }

        public boolean unclaim(Taken taken) {
            final int word = core.enter();
            try {
                return slots.unclaim(taken.sequence, taken.control);
            } finally {
                core.exit(word);
            }
        }

        public SlotQueue.Change change(long sequence, long nowMs, long hiddenMs) {
            final int word = core.enter();
            try {
                return slots.changeVisibility(sequence, nowMs, hiddenMs);
            } finally {
                core.exit(word);
            }
        }

        /** Does what is due in a block, as the conductor would at {@code nowMs}. */
        public void expire(int block, long nowMs) {
            final int word = core.enter();
            try {
                upkeep.onBlockDue(block, nowMs);
            } finally {
                core.exit(word);
            }
        }

        public long purge() {
            final int word = core.enter();
            try {
                return upkeep.purge();
            } finally {
                core.exit(word);
            }
        }

        /** Messages by state, counted by looking at every slot: visible, hidden. */
        public long[] recount() {
            final long[] counts = new long[2];
            final int word = core.enter();
            try {
                upkeep.forEachSlot((block, region, slot, sequence) -> {
                    final long control = region.longAcquire(slot + SlotLayout.CONTROL_OFFSET);
                    if (ControlWord.isLive(control)) {
                        counts[ControlWord.isIn(control, ControlWord.READY) ? 0 : 1]++;
                    }
                    return true;
                });
                return counts;
            } finally {
                core.exit(word);
            }
        }

        /** Whether the counters equal a recount; nothing else may run. */
        public boolean isCountedRight() {
            final var stats = upkeep.stats(0, core.time().nowMs());
            final long[] counts = recount();
            final long ended = stats.acked() + stats.expired() + stats.deadLettered() + stats.purged();
            return stats.visible() == counts[0]
                    && stats.inFlight() + stats.delayed() == counts[1]
                    && stats.sent() - ended == counts[0] + counts[1];
        }

        /** Ends all messages and gives all blocks back. Nobody uses the queue any more. */
        public void release() {
            final int word = core.enter();
            try {
                slots.close();
                upkeep.purge();
                upkeep.release();
            } finally {
                core.exit(word);
            }
        }
    }
}
