package io.millrace.core;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.millrace.api.EngineClosedException;
import io.millrace.api.queue.QueueConfig;
import io.millrace.stress.Rig;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Closing a whole {@link EngineCore} against operations, a small engine for each sample. */
public final class EngineCoreStress {
    private EngineCoreStress() {}

    /** Hazard H12: a send is done or refused, and after close nothing is held. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Sent, then freed.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Refused.")
    @Outcome(expect = FORBIDDEN, desc = "Memory is left, or was freed under the send.")
    @State
    public static class CloseAgainstSend {
        private final Rig rig = new Rig(Rig.SMALL_BYTES);
        private final Rig.Lane lane = rig.lane(QueueConfig.defaults());

        @Actor
        public void sender(II_Result r) {
            try {
                lane.send();
                r.r1 = 1;
            } catch (EngineClosedException e) {
                r.r1 = 0;
            }
        }

        @Actor
        public void closer() {
            rig.close();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = rig.core().offHeapBytes() == 0 ? 0 : 1;
        }
    }

    /** Hazard H12: two that close free the memory once. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Freed.")
    @Outcome(expect = FORBIDDEN, desc = "Memory is left.")
    @State
    public static class CloseAgainstClose {
        private final Rig rig = new Rig(Rig.SMALL_BYTES);

        public CloseAgainstClose() {
            rig.lane(QueueConfig.defaults()).send();
        }

        @Actor
        public void first() {
            rig.close();
        }

        @Actor
        public void second() {
            rig.close();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = rig.core().offHeapBytes() == 0 ? 0 : 1;
        }
    }

    /** Negative control: a close that looks before it turns newcomers away frees memory under an operation. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "Freed under it: what the order is for.")
    @Outcome(expect = ACCEPTABLE, desc = "The rest.")
    @State
    public static class ControlLookBeforeClose {
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();

        @Actor
        public void operation(II_Result r) {
            inside.set(1);
            r.r1 = closed.get() == 0 ? 1 : 0;
        }

        @Actor
        public void closer(II_Result r) {
            r.r2 = inside.get() == 0 ? 1 : 0;
            closed.set(1);
        }
    }
}
