package io.millrace.core.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.concurrent.PaddedLongs;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import io.millrace.core.time.DeadlineTree;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Chunks and marks of a {@link Directory}, one directory for each sample, over one pool. */
public final class DirectoryStress {
    private static final long SECOND_CHUNK = BlockLayout.SLOTS;

    private DirectoryStress() {}

    /** A directory that takes its blocks from a pool that all samples share. */
    private static class Shelf {
        private static final OperationGate GATE = new OperationGate();
        private static final int SLABS = 1_000;
        private static final BlockPool POOL =
                new BlockPool(new Allocator(new MemoryBudget(Long.MAX_VALUE)), GATE, new DeadlineTree(SLABS), SLABS);

        final Directory directory = new Directory(POOL, 1);

        void inside(Runnable operation) {
            final int word = GATE.enter();
            try {
                operation.run();
            } finally {
                GATE.exit(word);
            }
        }

        int ensure(long sequence) {
            final int word = GATE.enter();
            try {
                return directory.ensure(sequence);
            } finally {
                GATE.exit(word);
            }
        }

        int take() {
            final int word = GATE.enter();
            try {
                return (int) directory.takeReturned();
            } finally {
                GATE.exit(word);
            }
        }

        void release() {
            inside(directory::release);
        }
    }

    /** A mark that a taker missed is found by the next. */
    @JCStressTest
    @Outcome(id = "3, -1", expect = ACCEPTABLE, desc = "Taken at once.")
    @Outcome(id = "-1, 3", expect = ACCEPTABLE, desc = "Found afterwards.")
    @Outcome(expect = FORBIDDEN, desc = "A message is lost or shown twice.")
    @State
    public static class MarkAgainstTake extends Shelf {
        public MarkAgainstTake() {
            ensure(0);
            inside(() -> directory.markReturned(1));
            take(); // ANY stays set, so that the taker looks
        }

        @Actor
        public void marker() {
            inside(() -> directory.markReturned(3));
        }

        @Actor
        public void taker(II_Result r) {
            r.r1 = take();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = take();
            release();
        }
    }

    /** The same under a page, where a bit for the chunk is set and cleared as well. */
    @JCStressTest
    @Outcome(id = "3, -1", expect = ACCEPTABLE, desc = "Taken at once.")
    @Outcome(id = "-1, 3", expect = ACCEPTABLE, desc = "Found afterwards.")
    @Outcome(expect = FORBIDDEN, desc = "A message is lost or shown twice.")
    @State
    public static class MarkAgainstTakeUnderPage extends Shelf {
        public MarkAgainstTakeUnderPage() {
            ensure(0);
            ensure(SECOND_CHUNK);
            inside(() -> directory.markReturned(1));
            take();
        }

        @Actor
        public void marker() {
            inside(() -> directory.markReturned(3));
        }

        @Actor
        public void taker(II_Result r) {
            r.r1 = take();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = take();
            release();
        }
    }

    /** Hazard H1: one mark has one taker. */
    @JCStressTest
    @Outcome(id = "3, -1", expect = ACCEPTABLE, desc = "The first took it.")
    @Outcome(id = "-1, 3", expect = ACCEPTABLE, desc = "The second took it.")
    @Outcome(expect = FORBIDDEN, desc = "Both took it, or nobody.")
    @State
    public static class TwoTakers extends Shelf {
        public TwoTakers() {
            ensure(0);
            inside(() -> directory.markReturned(3));
        }

        @Actor
        public void first(II_Result r) {
            r.r1 = take();
        }

        @Actor
        public void second(II_Result r) {
            r.r2 = take();
        }

        @Arbiter
        public void after() {
            release();
        }
    }

    /** Two senders that need the same chunk get the same. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "One chunk.")
    @Outcome(expect = FORBIDDEN, desc = "Two chunks for one sequence: one of the messages cannot be found.")
    @State
    public static class TwoEnsure extends Shelf {
        private int first;
        private int second;

        public TwoEnsure() {
            ensure(0);
        }

        @Actor
        public void first() {
            first = ensure(SECOND_CHUNK);
        }

        @Actor
        public void second() {
            second = ensure(SECOND_CHUNK + 1);
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = first == second && first == directory.find(SECOND_CHUNK) ? 1 : 0;
            release();
        }
    }

    /** A chunk that ends is not brought back by a sender who has read its sequence before. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Gone.")
    @Outcome(expect = FORBIDDEN, desc = "It came back, and its messages could be received again.")
    @State
    public static class EndAgainstEnsure extends Shelf {
        private final int chunk = ensure(0);

        @Actor
        public void ender() {
            inside(() -> directory.countEnded(chunk, BlockLayout.SLOTS));
        }

        @Actor
        public void sender() {
            ensure(1);
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = directory.find(0) == Directory.NONE ? 1 : 0;
            release();
        }
    }

    /** A chunk that ends while the tree grows above it is gone for ever, and the new one can be found. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Gone, and found.")
    @Outcome(expect = FORBIDDEN, desc = "A chunk came back, or was lost.")
    @State
    public static class EndAgainstGrow extends Shelf {
        private final int chunk;

        public EndAgainstGrow() {
            chunk = ensure(0);
        }

        @Actor
        public void ender() {
            inside(() -> directory.countEnded(chunk, BlockLayout.SLOTS));
        }

        @Actor
        public void sender() {
            ensure(SECOND_CHUNK);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = directory.find(0) == Directory.NONE && ensure(0) == Directory.NONE ? 1 : 0;
            r.r2 = directory.find(SECOND_CHUNK) == Directory.NONE ? 0 : 1;
            release();
        }
    }

    /** Negative control: whoever clears ANY without a second look hides a mark. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "Marked and not announced: what the look is for.")
    @Outcome(expect = ACCEPTABLE, desc = "The rest.")
    @State
    public static class ControlWithoutSecondLook {
        private static final int ANY = 0;
        private static final int MARK = 1;
        private final PaddedLongs words = new PaddedLongs(2);

        @Actor
        public void marker() {
            words.volatileWrite(MARK, 1);
            words.volatileWrite(ANY, 1);
        }

        @Actor
        public void taker() {
            if (words.volatileRead(MARK) == 0) {
                words.volatileWrite(ANY, 0);
            }
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = (int) words.volatileRead(MARK);
            r.r2 = (int) words.volatileRead(ANY);
        }
    }
}
