package io.millrace.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.millrace.api.EngineException;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.stress.Rig;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Deleting a queue of a {@link QueueRegistry} against its use. */
public final class QueueRegistryStress {
    private QueueRegistryStress() {}

    /** An engine core with a queue. */
    private static class Sample {
        private static final String NAME = "q";
        private static final Message MESSAGE = Message.text("old");

        private final Rig rig = new Rig(Rig.LEAST_BYTES);
        private final QueueRegistry registry = new QueueRegistry(rig.core());
        private final MessageQueue queue = registry.open(NAME);

        void delete() {
            registry.delete(NAME);
        }

        int send() {
            try {
                return queue.trySend(MESSAGE).isAccepted() ? 1 : 0;
            } catch (EngineException e) {
                return 0;
            }
        }

        int receive() {
            try {
                return queue.receive(1).size();
            } catch (EngineException e) {
                return 0;
            }
        }

        Delivery first() {
            return queue.receive(1).get(0);
        }

        /** What is left of the queue: messages in a queue of the same name, and memory. */
        int leftOver() {
            final int left = registry.open(NAME).receive(1).size();
            registry.delete(NAME);
            final long liveBytes = rig.core().log().usage().liveBytes();
            final long blocks = rig.pool().blocksInUse();
            rig.close();
            return left + (liveBytes == 0 && blocks == 0 ? 0 : 2);
        }
    }

    /** Hazard H16: of what was sent while the queue was deleted nothing is left, nor in the next queue of that name. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Sent, and deleted with the queue.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Refused.")
    @Outcome(expect = FORBIDDEN, desc = "A message of the old queue is in the new one, or memory is lost.")
    @State
    public static class DeleteAgainstSend extends Sample {
        @Actor
        public void sender(II_Result r) {
            r.r1 = send();
        }

        @Actor
        public void deleter() {
            delete();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = leftOver();
        }
    }

    /** Hazard H16: a receive while the queue is deleted gets the message, or nothing, and nothing of it is left. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Received before.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Deleted before.")
    @Outcome(expect = FORBIDDEN, desc = "A message of the old queue is in the new one, or memory is lost.")
    @State
    public static class DeleteAgainstReceive extends Sample {
        public DeleteAgainstReceive() {
            send();
        }

        @Actor
        public void receiver(II_Result r) {
            r.r1 = receive();
        }

        @Actor
        public void deleter() {
            delete();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = leftOver();
        }
    }

    /** Hazard H16: an ack and a deletion end the message once, and nothing of it is left. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Acknowledged before.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Deleted before.")
    @Outcome(expect = FORBIDDEN, desc = "Ended twice, or memory is lost.")
    @State
    public static class DeleteAgainstAck extends Sample {
        private final Delivery delivery;

        public DeleteAgainstAck() {
            send();
            delivery = first();
        }

        @Actor
        public void acker(II_Result r) {
            try {
                r.r1 = delivery.ack() ? 1 : 0;
            } catch (EngineException e) {
                r.r1 = 0;
            }
        }

        @Actor
        public void deleter() {
            delete();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = leftOver();
        }
    }

    /** Negative control: a deletion that does not wait for sends in progress leaves a message behind. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "Sent behind the purge: what the wait is for.")
    @Outcome(expect = ACCEPTABLE, desc = "The rest.")
    @State
    public static class ControlWithoutWait {
        private final AtomicInteger closed = new AtomicInteger();
        private final AtomicInteger messages = new AtomicInteger();

        @Actor
        public void sender(II_Result r) {
            if (closed.get() == 0) {
                messages.set(1);
                r.r1 = 1;
            }
        }

        @Actor
        public void deleter() {
            closed.set(1);
            messages.set(0);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = messages.get();
        }
    }
}
