package io.millrace.core.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import io.millrace.core.time.DeadlineTree;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Taking blocks of a {@link BlockPool} and giving them back. */
public final class BlockPoolStress {
    private BlockPoolStress() {}

    /** A pool of one slab. */
    private static class Pool {
        final OperationGate gate = new OperationGate();
        final BlockPool pool =
                new BlockPool(new Allocator(new MemoryBudget(Long.MAX_VALUE)), gate, new DeadlineTree(1), 1);

        /** Takes a block in an operation of its own. */
        int take() {
            final int word = gate.enter();
            try {
                return pool.tryTake();
            } finally {
                gate.exit(word);
            }
        }

        /** Takes blocks until there is none. */
        void exhaust() {
            int block = take();
            while (block != BlockPool.NONE) {
                block = take();
            }
        }
    }

    /** Two blocks that are taken together are two, though one of the takers gives one back and takes again: no ABA. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Two blocks.")
    @Outcome(expect = FORBIDDEN, desc = "One block for two owners.")
    @State
    public static class TwoTakers extends Pool {
        private static final int TURNS = 8;

        private int first;
        private int second;
        private int third;
        private boolean twice;

        public TwoTakers() {
            pool.giveBack(take()); // the slab is there
        }

        @Actor
        public void first() {
            first = take();
        }

        @Actor
        public void second() {
            for (int turn = 0; turn < TURNS; turn++) {
                final int given = take();
                second = take();
                pool.giveBack(given);
                third = take();
                twice |= second == third;
                if (turn < TURNS - 1) {
                    pool.giveBack(second);
                    pool.giveBack(third);
                }
            }
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = twice || first == second || first == third || second == third ? 0 : 1;
            pool.release();
        }
    }

    /** Hazards H7 and H12: a block that is retired while an operation looks at it serves nobody else before that has left. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Used again behind the operation.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Not yet used again.")
    @Outcome(expect = FORBIDDEN, desc = "The operation read what the next owner wrote.")
    @State
    public static class RetireAgainstOperation extends Pool {
        private static final int OLD = 1;
        private static final int NEW = 2;

        private final AtomicInteger link = new AtomicInteger();
        private final int block = take();
        private final int body = BlockLayout.base(block) + BlockLayout.HEADER;

        public RetireAgainstOperation() {
            fill(OLD);
            exhaust();
            link.set(OLD);
        }

        private void fill(long number) {
            for (int i = 0; i < BlockLayout.BODY; i += Long.BYTES) {
                pool.region(block).longPlain(body + i, number);
            }
        }

        private long highest() {
            long highest = 0;
            for (int i = 0; i < BlockLayout.BODY; i += Long.BYTES) {
                highest = Math.max(highest, pool.region(block).longOpaque(body + i));
            }
            return highest;
        }

        @Actor
        public void operation(II_Result r) {
            final int word = gate.enter();
            try {
                r.r1 = link.getOpaque() == OLD ? (int) highest() : OLD;
            } finally {
                gate.exit(word);
            }
        }

        @Actor
        public void retirer(II_Result r) {
            final int word = gate.enter();
            try {
                link.set(0);
                pool.retire(block);
            } finally {
                gate.exit(word);
            }
            final int again = take();
            if (again == block) {
                fill(NEW);
            }
            r.r2 = again == block ? 1 : 0;
        }

        @Arbiter
        public void after() {
            pool.release();
        }
    }

    /** Two retirements while a third operation collects what has been retired: no block is lost. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Both can be taken afterwards, or one has been taken already.")
    @Outcome(expect = FORBIDDEN, desc = "A block is lost, or there is one too many.")
    @State
    public static class RetireAgainstReclaim extends Pool {
        private final int first = take();
        private final int second = take();
        private int taken;

        public RetireAgainstReclaim() {
            exhaust();
            retire(first);
        }

        private void retire(int block) {
            final int word = gate.enter();
            try {
                pool.retire(block);
            } finally {
                gate.exit(word);
            }
        }

        @Actor
        public void retirer() {
            retire(second);
        }

        @Actor
        public void taker() {
            taken = take() == BlockPool.NONE ? 0 : 1;
        }

        @Arbiter
        public void after(I_Result r) {
            while (take() != BlockPool.NONE) {
                taken++;
            }
            r.r1 = taken;
            pool.release();
        }
    }

    /** Negative control: a list whose head has no tag hands one block out twice. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "One block for two owners: what the tag is for.")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Different blocks.")
    @Outcome(expect = FORBIDDEN, desc = "Nothing else can be.")
    @State
    public static class ControlWithoutTag {
        private static final int BLOCKS = 4;

        private final AtomicInteger head = new AtomicInteger(1);
        private final int[] next = new int[BLOCKS + 1];
        private int first;
        private int second;
        private int third;

        public ControlWithoutTag() {
            for (int block = 1; block < BLOCKS; block++) {
                next[block] = block + 1;
            }
        }

        private int pop() {
            for (; ; ) {
                final int block = head.get();
                if (head.compareAndSet(block, next[block])) {
                    return block;
                }
            }
        }

        private void push(int block) {
            int before;
            do {
                before = head.get();
                next[block] = before;
            } while (!head.compareAndSet(before, block));
        }

        @Actor
        public void first() {
            first = pop();
        }

        @Actor
        public void second() {
            final int given = pop();
            second = pop();
            push(given);
            third = pop();
        }

        @Arbiter
        public void after(I_Result r) {
            final int left = head.get();
            final boolean twice = first == second || first == third || second == third;
            r.r1 = twice || left == first || left == second || left == third ? 0 : 1;
        }
    }
}
