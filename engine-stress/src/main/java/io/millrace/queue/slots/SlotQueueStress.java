package io.millrace.queue.slots;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.core.log.Cleaner;
import io.millrace.core.slot.ControlWord;
import io.millrace.stress.Rig;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two operations on one message of a {@link SlotQueue}, a queue for each sample, over one engine core. */
public final class SlotQueueStress {
    private static final long HIDDEN_MS = 30_000;

    private SlotQueueStress() {}

    /** A queue whose blocks and records come from a core that all samples share. */
    private static class Sample {
        static final Rig RIG = new Rig(Rig.LARGE_BYTES);
        private static final QueueConfig CONFIG = QueueConfig.defaults();
        static final Cleaner CLEANER = new Cleaner(RIG.core().log(), (type, queue, sequence, position, cleaner) -> {});

        static final long NOW_MS = RIG.nowMs();

        final Rig.Lane lane;

        Sample() {
            this(CONFIG);
        }

        Sample(QueueConfig config) {
            lane = RIG.lane(config);
        }

        Sample(QueueConfig config, DeadLetters deadLetters) {
            lane = RIG.lane(config, deadLetters);
        }

        static Rig.Lane other() {
            return RIG.lane(CONFIG);
        }

        Rig.Taken claim(long nowMs) {
            return lane.claim(1, nowMs, HIDDEN_MS);
        }

        int claims(long nowMs) {
            return claim(nowMs).count;
        }

        /** Gives the queue back; 1 if its counters equalled a recount. */
        int endCountedRight() {
            final int right = lane.isCountedRight() ? 1 : 0;
            lane.release();
            return right;
        }
    }

    /** Hazard H13: a message that a cursor passed over before it was published is found by the next receive. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Each received once.")
    @Outcome(expect = FORBIDDEN, desc = "A message is lost, or was delivered twice.")
    @State
    public static class PublishAgainstPassOver extends Sample {
        private final Sending first = lane.begin();

        public PublishAgainstPassOver() {
            lane.send();
        }

        @Actor
        public void publisher() {
            lane.publish(first, 0);
        }

        @Actor
        public void receiver(II_Result r) {
            r.r1 = claims(NOW_MS);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = claims(NOW_MS);
            lane.release();
        }
    }

    /** A message that becomes visible while the cursor passes it is found by the next receive. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Each received once.")
    @Outcome(expect = FORBIDDEN, desc = "A message is lost, or was delivered twice.")
    @State
    public static class ReleaseAgainstCursor extends Sample {
        private final int block;

        public ReleaseAgainstCursor() {
            final Sending first = lane.begin();
            block = first.block;
            lane.publish(first, 1);
            lane.send();
        }

        @Actor
        public void expiry() {
            lane.expire(block, NOW_MS + 1);
        }

        @Actor
        public void receiver(II_Result r) {
            r.r1 = claims(NOW_MS + 1);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = claims(NOW_MS + 1);
            lane.release();
        }
    }

    /** Hazard H1: of two that claim one message, one gets it, and it counts one receive. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The first got it.")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "The second got it.")
    @Outcome(expect = FORBIDDEN, desc = "Both got it, nobody, or the count is wrong.")
    @State
    public static class TwoClaimers extends Sample {
        private Rig.Taken first = new Rig.Taken();
        private Rig.Taken second = new Rig.Taken();

        public TwoClaimers() {
            lane.send();
        }

        @Actor
        public void first(III_Result r) {
            first = claim(NOW_MS);
            r.r1 = first.count;
        }

        @Actor
        public void second(III_Result r) {
            second = claim(NOW_MS);
            r.r2 = second.count;
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = lane.isCountedRight() ? Math.max(first.receiveCount, second.receiveCount) : -1;
            lane.release();
        }
    }

    /** Hazard H1: the same for a message that one of them finds by its mark and the other by the cursor. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The first got it.")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "The second got it.")
    @Outcome(expect = FORBIDDEN, desc = "Both got it, nobody, or the count is wrong.")
    @State
    public static class ClaimByMarkAgainstCursor extends Sample {
        public ClaimByMarkAgainstCursor() {
            mark(lane.send()); // as whoever released it would, had he read the cursor behind it
        }

        private void mark(long sequence) {
            final int word = RIG.gate().enter();
            try {
                lane.slots().directory().markReturned(sequence);
            } finally {
                RIG.gate().exit(word);
            }
        }

        @Actor
        public void first(III_Result r) {
            r.r1 = claims(NOW_MS);
        }

        @Actor
        public void second(III_Result r) {
            r.r2 = claims(NOW_MS);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = endCountedRight();
        }
    }

    /** Hazard H1: the same for a message that came back, which both find by its mark. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The first got it.")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "The second got it.")
    @Outcome(expect = FORBIDDEN, desc = "Both got it, nobody, or the count is wrong.")
    @State
    public static class TwoClaimersOfReturned extends Sample {
        public TwoClaimersOfReturned() {
            lane.send();
            lane.unclaim(claim(NOW_MS));
        }

        @Actor
        public void first(III_Result r) {
            r.r1 = claims(NOW_MS);
        }

        @Actor
        public void second(III_Result r) {
            r.r2 = claims(NOW_MS);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = endCountedRight();
        }
    }

    /** Hazards H2 and H15: a receipt acknowledges whether or not its time is over, and nobody gets the message afterwards. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "Deleted for good.")
    @Outcome(expect = FORBIDDEN, desc = "Delivered after it was deleted, or not deleted, or counted wrong.")
    @State
    public static class AckAgainstExpiry extends Sample {
        private final Rig.Taken taken;

        public AckAgainstExpiry() {
            lane.send();
            taken = claim(NOW_MS);
        }

        @Actor
        public void acker(III_Result r) {
            r.r1 = lane.ack(taken.sequence) ? 1 : 0;
        }

        @Actor
        public void expiry() {
            lane.expire(taken.block, NOW_MS + HIDDEN_MS);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r2 = claims(NOW_MS + HIDDEN_MS);
            r.r3 = endCountedRight();
        }
    }

    /** Hazards H2 and H15: an ack against the next receive of the same message: it is deleted in the end, and counted once. */
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "Deleted before the receive.")
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "Received again, and deleted while in flight.")
    @Outcome(expect = FORBIDDEN, desc = "Not deleted, or counted wrong.")
    @State
    public static class AckAgainstReceive extends Sample {
        private final long sequence;

        public AckAgainstReceive() {
            lane.send();
            final Rig.Taken taken = claim(NOW_MS);
            sequence = taken.sequence;
            lane.expire(taken.block, NOW_MS + HIDDEN_MS);
        }

        @Actor
        public void acker(III_Result r) {
            r.r1 = lane.ack(sequence) ? 1 : 0;
        }

        @Actor
        public void receiver(III_Result r) {
            r.r2 = claims(NOW_MS + HIDDEN_MS);
        }

        @Arbiter
        public void after(III_Result r) {
            final long[] counts = lane.recount();
            r.r3 = lane.isCountedRight() ? (int) (counts[0] + counts[1]) : -1;
            lane.release();
        }
    }

    /** Hazards H2 and H15: of two acks one succeeds, and the message is counted out once. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The first.")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "The second.")
    @Outcome(expect = FORBIDDEN, desc = "Ended twice, or never.")
    @State
    public static class TwoAcks extends Sample {
        private final long sequence;

        public TwoAcks() {
            lane.send();
            sequence = claim(NOW_MS).sequence;
        }

        @Actor
        public void first(III_Result r) {
            r.r1 = lane.ack(sequence) ? 1 : 0;
        }

        @Actor
        public void second(III_Result r) {
            r.r2 = lane.ack(sequence) ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = endCountedRight();
        }
    }

    /** Hazards H3 and H15: a flight that was extended is not ended at its old deadline. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "Extended, and hidden.")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "Too late, and visible.")
    @Outcome(expect = FORBIDDEN, desc = "Extended and visible, neither, or counted wrong.")
    @State
    public static class ExtendAgainstExpiry extends Sample {
        private final Rig.Taken taken;

        public ExtendAgainstExpiry() {
            lane.send();
            taken = claim(NOW_MS);
        }

        @Actor
        public void extender(III_Result r) {
            final SlotQueue.Change change = lane.change(taken.sequence, NOW_MS + HIDDEN_MS - 1, HIDDEN_MS);
            r.r1 = change == SlotQueue.Change.DONE ? 1 : 0;
        }

        @Actor
        public void expiry() {
            lane.expire(taken.block, NOW_MS + HIDDEN_MS);
        }

        @Arbiter
        public void after(III_Result r) {
            final boolean counted = lane.isCountedRight();
            r.r2 = claims(NOW_MS + HIDDEN_MS);
            r.r3 = counted && lane.isCountedRight() ? 1 : 0;
            lane.release();
        }
    }

    /** A claim that is undone while its time is over leaves the message visible once. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "Visible once.")
    @Outcome(expect = FORBIDDEN, desc = "Lost, delivered twice, or counted wrong.")
    @State
    public static class UnclaimAgainstExpiry extends Sample {
        private final Rig.Taken taken;

        public UnclaimAgainstExpiry() {
            lane.send();
            taken = claim(NOW_MS);
        }

        @Actor
        public void giver() {
            lane.unclaim(taken);
        }

        @Actor
        public void expiry() {
            lane.expire(taken.block, NOW_MS + HIDDEN_MS);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r1 = claims(NOW_MS + HIDDEN_MS);
            r.r2 = claims(NOW_MS + HIDDEN_MS);
            r.r3 = endCountedRight();
        }
    }

    /** Hazard H4: a message that was received too often is deleted, or in the dead-letter queue; one of the two. */
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "Deleted.")
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "Moved.")
    @Outcome(expect = FORBIDDEN, desc = "Deleted and moved, moved twice, or neither.")
    @State
    public static class AckAgainstDeadLetter {
        private static final QueueConfig ONCE = QueueConfig.defaults().withRedrive(new RedrivePolicy("dead", 1));

        private final Rig.Lane dead = Sample.other();
        private final Sample sample = new Sample(ONCE, (region, slot, sequence, control, nowMs) -> {
            dead.send();
            return DeadLetters.Move.MOVED;
        });
        private final long sequence;

        public AckAgainstDeadLetter() {
            sample.lane.send();
            final Rig.Taken taken = sample.claim(Sample.NOW_MS);
            sequence = taken.sequence;
            sample.lane.expire(taken.block, Sample.NOW_MS + HIDDEN_MS);
        }

        @Actor
        public void acker(III_Result r) {
            r.r1 = sample.lane.ack(sequence) ? 1 : 0;
        }

        @Actor
        public void receiver() {
            sample.claims(Sample.NOW_MS + HIDDEN_MS);
        }

        @Arbiter
        public void after(III_Result r) {
            final long[] counts = sample.lane.recount();
            r.r2 = (int) dead.recount()[0];
            r.r3 = sample.lane.isCountedRight() ? (int) (counts[0] + counts[1]) : -1;
            sample.lane.release();
            dead.release();
        }
    }

    /** Hazards H4 and H13: a message whose record is copied while a receive passes it is received by that one or the next. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Received once.")
    @Outcome(expect = FORBIDDEN, desc = "Lost, delivered twice, or counted wrong.")
    @State
    public static class MoveAgainstClaim extends Sample {
        private final Sending sent = lane.begin();
        private final long position = sent.position();
        private int received;

        public MoveAgainstClaim() {
            lane.publish(sent, 0);
        }

        @Actor
        public void cleaner() {
            final int word = RIG.gate().enter();
            try {
                synchronized (CLEANER) { // one thread at a time
                    lane.upkeep().relocate(sent.sequence(), position, CLEANER);
                }
            } finally {
                RIG.gate().exit(word);
            }
        }

        @Actor
        public void receiver() {
            received = claims(NOW_MS);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = received + claims(NOW_MS);
            r.r2 = endCountedRight();
        }
    }

    /** Hazards H4 and H13: a message that a receive would dead-letter while its record is copied is met by the next receive. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Moved to the dead-letter queue.")
    @Outcome(expect = FORBIDDEN, desc = "It stays where no receive finds it, is moved twice, or counted wrong.")
    @State
    public static class MoveAgainstDeadLetter {
        private final Rig.Lane dead = Sample.other();
        private final Sample sample =
                new Sample(AckAgainstDeadLetter.ONCE, (region, slot, sequence, control, nowMs) -> {
                    dead.send();
                    return DeadLetters.Move.MOVED;
                });
        private final long sequence;
        private final long position;

        public MoveAgainstDeadLetter() {
            final Sending sent = sample.lane.begin();
            position = sent.position();
            sample.lane.publish(sent, 0);
            final Rig.Taken taken = sample.claim(Sample.NOW_MS);
            sequence = taken.sequence;
            sample.lane.expire(taken.block, Sample.NOW_MS + HIDDEN_MS);
        }

        @Actor
        public void cleaner() {
            final int word = Sample.RIG.gate().enter();
            try {
                synchronized (Sample.CLEANER) { // one thread at a time
                    sample.lane.upkeep().relocate(sequence, position, Sample.CLEANER);
                }
            } finally {
                Sample.RIG.gate().exit(word);
            }
        }

        @Actor
        public void receiver() {
            sample.claims(Sample.NOW_MS + HIDDEN_MS);
        }

        @Arbiter
        public void after(II_Result r) {
            sample.claims(Sample.NOW_MS + HIDDEN_MS);
            final long[] counts = sample.lane.recount();
            r.r1 = (int) dead.recount()[0];
            r.r2 = sample.lane.isCountedRight() ? (int) (counts[0] + counts[1]) : -1;
            sample.lane.release();
            dead.release();
        }
    }

    /** Hazard H15: two receives never go beyond the in-flight limit together. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The first was admitted.")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "The second was admitted.")
    @Outcome(expect = FORBIDDEN, desc = "More than one in flight, none, or counted wrong.")
    @State
    public static class InFlightLimit extends Sample {
        private static final QueueConfig ONE = QueueConfig.defaults().withMaxInFlight(1);

        public InFlightLimit() {
            super(ONE);
            lane.send();
            lane.send();
        }

        @Actor
        public void first(III_Result r) {
            r.r1 = claims(NOW_MS);
        }

        @Actor
        public void second(III_Result r) {
            r.r2 = claims(NOW_MS);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = endCountedRight();
        }
    }

    /** Hazards H15 and H16: a purge against a receive ends the message, and the counters equal a recount. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "Purged before it was received.")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "Purged in flight.")
    @Outcome(expect = FORBIDDEN, desc = "It survived, or counts are wrong.")
    @State
    public static class PurgeAgainstReceive extends Sample {
        public PurgeAgainstReceive() {
            lane.send();
        }

        @Actor
        public void purger(III_Result r) {
            r.r1 = (int) lane.purge();
        }

        @Actor
        public void receiver(III_Result r) {
            r.r2 = claims(NOW_MS);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = endCountedRight();
        }
    }

    /** Hazards H15 and H16: a purge against a send ends the message or leaves it whole. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Purged or received.")
    @Outcome(expect = FORBIDDEN, desc = "Purged and received, neither, or counted wrong.")
    @State
    public static class PurgeAgainstSend extends Sample {
        private long purged;

        @Actor
        public void purger() {
            purged = lane.purge();
        }

        @Actor
        public void sender() {
            lane.send();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = (int) purged + claims(NOW_MS);
            r.r2 = endCountedRight();
        }
    }

    /** Hazard H9: two sends take two sequences, and both messages are received. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Both.")
    @Outcome(expect = FORBIDDEN, desc = "A sequence was taken twice.")
    @State
    public static class TwoSenders extends Sample {
        @Actor
        public void first() {
            lane.send();
        }

        @Actor
        public void second() {
            lane.send();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = lane.claim(3, NOW_MS, HIDDEN_MS).count;
            lane.release();
        }
    }

    /** Hazard H9: a send that is given up disturbs neither its neighbour nor the counters. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "One message.")
    @Outcome(expect = FORBIDDEN, desc = "A message is lost, the gap is shown, or counts are wrong.")
    @State
    public static class AbortAgainstReceive extends Sample {
        private final Sending first = lane.begin();
        private int received;

        public AbortAgainstReceive() {
            lane.send();
        }

        @Actor
        public void sender() {
            lane.abort(first);
        }

        @Actor
        public void receiver() {
            received = claims(NOW_MS);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = received + claims(NOW_MS);
            r.r2 = endCountedRight();
        }
    }

    /** Negative control: a publisher that reads and then stores loses the note of a receiver that passed over. */
    @JCStressTest
    @Outcome(
            id = "1, 0",
            expect = ACCEPTABLE_INTERESTING,
            desc = "Passed over, and nobody marks: what the swap is for.")
    @Outcome(expect = ACCEPTABLE, desc = "The rest.")
    @State
    public static class ControlReadAndStore {
        private final AtomicLong control = new AtomicLong(ControlWord.free(0));

        @Actor
        public void receiver(II_Result r) {
            final long free = ControlWord.free(0);
            r.r1 = control.compareAndSet(free, ControlWord.passOver(free)) ? 1 : 0;
        }

        @Actor
        public void publisher(II_Result r) {
            final long before = control.get();
            control.set(ControlWord.publish(0, 0));
            r.r2 = ControlWord.isPassedOver(before) ? 1 : 0;
        }
    }
}
