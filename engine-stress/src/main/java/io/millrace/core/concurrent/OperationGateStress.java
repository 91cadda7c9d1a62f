package io.millrace.core.concurrent;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Entering an {@link OperationGate} against those who ask who is inside. */
public final class OperationGateStress {
    private static final int LINK = 0;

    private OperationGateStress() {}

    /** A link that can be cut. */
    private static final class Link {
        private final PaddedLongs words = new PaddedLongs(1);

        Link() {
            words.opaque(LINK, 1);
        }

        int follow() {
            return (int) words.opaque(LINK);
        }

        void cut() {
            words.opaque(LINK, 0);
        }
    }

    private static int isSeen(OperationGate gate) {
        final long stamp = gate.retire();
        return gate.oldestEra() <= stamp ? 1 : 0;
    }

    /** Hazard H12: an operation that follows a link was seen by whoever cut the link. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Followed and seen.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Entered later.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Seen, and found the link cut.")
    @Outcome(expect = FORBIDDEN, desc = "The memory behind the link would be used again under an operation.")
    @State
    public static class UnlinkAgainstEnter {
        private final OperationGate gate = new OperationGate();
        private final Link link = new Link();

        @Actor
        public void operation(II_Result r) {
            gate.enter();
            r.r1 = link.follow();
        }

        @Actor
        public void retirer(II_Result r) {
            link.cut();
            r.r2 = isSeen(gate);
        }
    }

    /** Hazard H12: the same for an operation of a member. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Followed and seen.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Entered later.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Seen, and found the link cut.")
    @Outcome(expect = FORBIDDEN, desc = "The memory behind the link would be used again under an operation.")
    @State
    public static class UnlinkAgainstMember {
        private final OperationGate gate = new OperationGate();
        private final GateMember member = gate.join();
        private final Link link = new Link();

        @Actor
        public void operation(II_Result r) {
            gate.enter(member);
            r.r1 = link.follow();
        }

        @Actor
        public void retirer(II_Result r) {
            link.cut();
            r.r2 = isSeen(gate);
        }
    }

    /** Hazard H12: an operation that was let in is inside for whoever closed. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Let in, and waited for.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Turned away, and seen on its way out.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Turned away.")
    @Outcome(expect = FORBIDDEN, desc = "Memory would be freed under an operation.")
    @State
    public static class CloseAgainstEnter {
        private final OperationGate gate = new OperationGate();

        @Actor
        public void operation(II_Result r) {
            r.r1 = gate.enter() == OperationGate.CLOSED ? 0 : 1;
        }

        @Actor
        public void closer(II_Result r) {
            gate.close();
            r.r2 = gate.isEmpty() ? 1 : 0;
        }
    }

    /** Hazard H12: the same for a member. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Let in, and waited for.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Turned away, and seen on its way out.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Turned away.")
    @Outcome(expect = FORBIDDEN, desc = "Memory would be freed under an operation.")
    @State
    public static class CloseAgainstMember {
        private final OperationGate gate = new OperationGate();
        private final GateMember member = gate.join();

        @Actor
        public void operation(II_Result r) {
            r.r1 = gate.enter(member) ? 1 : 0;
        }

        @Actor
        public void closer(II_Result r) {
            gate.close();
            r.r2 = gate.isEmpty() ? 1 : 0;
        }
    }

    /** Negative control: an era that is published without a fence is missed. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "Followed and not seen: what the fence is for.")
    @Outcome(expect = ACCEPTABLE, desc = "The rest.")
    @State
    public static class ControlWithoutFence {
        private final PaddedLongs era = new PaddedLongs(1);
        private final Link link = new Link();

        @Actor
        public void operation(II_Result r) {
            era.release(0, 1);
            r.r1 = link.follow();
        }

        @Actor
        public void retirer(II_Result r) {
            link.cut();
            r.r2 = (int) era.volatileRead(0);
        }
    }
}
