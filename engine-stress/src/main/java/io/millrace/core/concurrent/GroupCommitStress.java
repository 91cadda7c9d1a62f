package io.millrace.core.concurrent;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Storing effects against the rounds of a {@link GroupCommit} that force them. */
public final class GroupCommitStress {
    private static final int EFFECT = 0;

    private GroupCommitStress() {}

    /** Hazard H14: the round that a ticket names has seen what was stored before the ticket was taken. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Covered by the round.")
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "Waits for the next round.")
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "Waits for the next round, for nothing.")
    @Outcome(expect = FORBIDDEN, desc = "An effect would be answered that is not on the disk.")
    @State
    public static class StoreAgainstRound {
        private final PaddedLongs stored = new PaddedLongs(1);
        private final PaddedLongs forced = new PaddedLongs(1);
        private final GroupCommit commits = new GroupCommit(() -> forced.opaque(EFFECT, stored.opaque(EFFECT)));

        @Actor
        public void sender(II_Result r) {
            stored.release(EFFECT, 1);
            r.r1 = (int) commits.ticket();
        }

        @Actor
        public void leader(II_Result r) {
            try {
                commits.await(1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            r.r2 = (int) forced.opaque(EFFECT);
        }
    }

    /** Negative control: a ticket that is read without a fence may name a round that has not seen the effect. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "Missed: what the fence is for.")
    @Outcome(expect = ACCEPTABLE, desc = "The rest.")
    @State
    public static class ControlTicketWithoutFence {
        private final PaddedLongs stored = new PaddedLongs(1);
        private final PaddedLongs begun = new PaddedLongs(1);

        @Actor
        public void sender(II_Result r) {
            stored.release(EFFECT, 1);
            r.r1 = (int) begun.volatileRead(EFFECT) + 1;
        }

        @Actor
        public void leader(II_Result r) {
            begun.getAndAdd(EFFECT, 1);
            r.r2 = (int) stored.opaque(EFFECT);
        }
    }
}
