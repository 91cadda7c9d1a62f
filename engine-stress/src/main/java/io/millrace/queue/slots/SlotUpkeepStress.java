package io.millrace.queue.slots;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.millrace.api.queue.QueueConfig;
import io.millrace.core.slot.BlockLayout;
import io.millrace.core.slot.BlockPool;
import io.millrace.stress.Rig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Deadlines that come, of blocks that change hands, in an engine core of its own for each sample. */
public final class SlotUpkeepStress {
    private static final long HIDDEN_MS = 30_000;

    private SlotUpkeepStress() {}

    /**
     * A core whose only block that can be taken was retired while it was armed, and is due now; {@code next} is the queue whose
     * first message will take it.
     */
    private static class Armed {
        final Rig rig = new Rig(Rig.LEAST_BYTES);
        final Rig.Lane before = rig.lane(QueueConfig.defaults());
        final Rig.Lane next = rig.lane(QueueConfig.defaults());
        final int block;

        Armed() {
            next.register();
            before.register();
            for (int i = 0; i < BlockLayout.SLOTS; i++) {
                before.send();
            }
            final Rig.Taken taken = before.claim(BlockLayout.SLOTS, rig.nowMs(), HIDDEN_MS);
            block = taken.block;
            exhaust();
            for (int i = 0; i < BlockLayout.SLOTS; i++) {
                before.ack(i);
            }
            rig.clock().advance(Duration.ofMillis(HIDDEN_MS));
        }

        private void exhaust() {
            final int word = rig.gate().enter();
            try {
                int taken = rig.pool().tryTake();
                while (taken != BlockPool.NONE) {
                    taken = rig.pool().tryTake();
                }
            } finally {
                rig.gate().exit(word);
            }
        }

        void runDue() {
            rig.core().conductor().runDue();
        }

        /** How many messages can be received when {@code laterMs} more have passed. */
        int visibleAfter(long laterMs) {
            rig.clock().advance(Duration.ofMillis(laterMs));
            runDue();
            return next.claim(BlockLayout.SLOTS, rig.nowMs(), HIDDEN_MS).count;
        }
    }

    /** Hazard H7: a block that fires while it is taken for another chunk is armed for what is put into it. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The same block, and its message becomes visible.")
    @Outcome(expect = FORBIDDEN, desc = "The message stays hidden, or another block was taken.")
    @State
    public static class FireAgainstReuse extends Armed {
        private boolean same;

        @Actor
        public void sender() {
            final Sending sending = next.begin();
            same = sending.block == block;
            next.publish(sending, 1);
        }

        @Actor
        public void conductor() {
            runDue();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = same ? 1 : 0;
            r.r2 = visibleAfter(1);
            rig.close();
        }
    }

    /** Hazard H7: a look at the old chunk of a block never touches the messages of its next one. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Hidden until its deadline, then visible once.")
    @Outcome(expect = FORBIDDEN, desc = "Shown too early, lost, or shown twice.")
    @State
    public static class LookAgainstReuse extends Armed {
        @Actor
        public void user() {
            next.send();
            next.claim(1, rig.nowMs(), HIDDEN_MS);
        }

        @Actor
        public void conductor() {
            runDue();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = visibleAfter(HIDDEN_MS - 1);
            r.r2 = visibleAfter(1);
            rig.close();
        }
    }

    /** Hazard H7: a look for the old owner of a block never releases what the next one has in flight. */
    @JCStressTest
    @Outcome(id = "0, 8", expect = ACCEPTABLE, desc = "Counted by its own queue, and visible.")
    @Outcome(expect = FORBIDDEN, desc = "Released in the name of another queue, or lost.")
    @State
    public static class ReleaseAgainstReuse extends Armed {
        private static final int MESSAGES = 8;

        @Actor
        public void user() {
            for (int i = 0; i < MESSAGES; i++) {
                next.send();
            }
            next.claim(MESSAGES, rig.nowMs(), 0); // due at once
        }

        @Actor
        public void conductor() {
            runDue();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = visibleAfter(1);
            r.r1 = (int) before.slots().counters().inFlight();
            rig.close();
        }
    }

    /** Negative control: whoever looks whether his block is armed before he stores his deadline stays hidden. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "Nobody is armed: what the order is for.")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Armed.")
    @Outcome(expect = FORBIDDEN, desc = "Nothing else can be.")
    @State
    public static class ControlLookBeforeStore {
        private final AtomicLong armed = new AtomicLong(1);
        private final AtomicLong deadline = new AtomicLong();

        @Actor
        public void sender() {
            final boolean isArmed = armed.get() == 1;
            deadline.set(1);
            if (!isArmed) {
                armed.set(1);
            }
        }

        @Actor
        public void conductor() {
            armed.set(0);
            if (deadline.get() == 1) {
                armed.set(1);
            }
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = (int) armed.get();
        }
    }
}
