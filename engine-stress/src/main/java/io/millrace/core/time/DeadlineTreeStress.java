package io.millrace.core.time;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import io.millrace.core.memory.Region;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Arming a {@link DeadlineTree} against firing it, a tree for each sample. */
public final class DeadlineTreeStress {
    private static final long DUE_MS = 10;
    private static final int LATER_MS = 20;
    private static final int LATEST_MS = 30;

    private DeadlineTreeStress() {}

    /** A tree over memory that is used again by later samples, and the deadline of the one slot of block 0. */
    private static class Tree {
        private static final Allocator ALLOCATOR = new Allocator(new MemoryBudget(Long.MAX_VALUE));
        private static final ConcurrentLinkedQueue<Region> REGIONS = new ConcurrentLinkedQueue<>();

        final DeadlineTree tree = new DeadlineTree(1);
        final AtomicLong deadline = new AtomicLong(DeadlineTree.NONE);
        private final Region region = region();

        Tree() {
            tree.attach(0, region);
            tree.arm(0, DUE_MS);
        }

        private static Region region() {
            final Region used = REGIONS.poll();
            if (used != null) {
                return used;
            }
            final Region fresh = ALLOCATOR.tryAllocate(DeadlineTree.GROUP_BYTES);
            if (fresh == null) {
                throw new IllegalStateException("no memory for a sample");
            }
            return fresh;
        }

        void fire() {
            tree.fire(DUE_MS, 1, block -> {
                final long atMs = deadline.get();
                if (atMs != DeadlineTree.NONE) {
                    tree.arm(block, atMs);
                }
            });
        }

        int nextDueMs() {
            REGIONS.add(region);
            return (int) tree.nextDueMs();
        }
    }

    /** Hazard H3: a deadline that is stored while its block fires is due at its instant, at the latest. */
    @JCStressTest
    @Outcome(id = "20", expect = ACCEPTABLE, desc = "Armed for the deadline.")
    @Outcome(expect = FORBIDDEN, desc = "The message would stay hidden.")
    @State
    public static class ArmAgainstFire extends Tree {
        @Actor
        public void claimer() {
            deadline.set(LATER_MS); // as an exchange of the control word, a full fence
            tree.arm(0, LATER_MS);
        }

        @Actor
        public void conductor() {
            fire();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = nextDueMs();
        }
    }

    /** The next due instant is the earliest of two that are armed together, in one block or in two. */
    @JCStressTest
    @Outcome(id = "20", expect = ACCEPTABLE, desc = "The earlier.")
    @Outcome(expect = FORBIDDEN, desc = "A deadline is missed.")
    @State
    public static class ArmAgainstArm extends Tree {
        public ArmAgainstArm() {
            fire();
        }

        @Actor
        public void first() {
            tree.arm(0, LATEST_MS);
        }

        @Actor
        public void second() {
            tree.arm(1, LATER_MS);
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = nextDueMs();
        }
    }

    /** A block that is armed while another one of its group fires is not forgotten when the minimum is taken again. */
    @JCStressTest
    @Outcome(id = "20", expect = ACCEPTABLE, desc = "Armed for the deadline.")
    @Outcome(expect = FORBIDDEN, desc = "A deadline is missed.")
    @State
    public static class ArmAgainstRecompute extends Tree {
        @Actor
        public void claimer() {
            tree.arm(1, LATER_MS);
        }

        @Actor
        public void conductor() {
            fire();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = nextDueMs();
        }
    }

    /** Negative control: a deadline that is stored without a fence behind it is missed, since arming may only read. */
    @JCStressTest
    @Outcome(id = "20", expect = ACCEPTABLE, desc = "Armed for the deadline.")
    @Outcome(id = "-1", expect = ACCEPTABLE_INTERESTING, desc = "Missed: what the fence is for.")
    @Outcome(expect = FORBIDDEN, desc = "Nothing else can be.")
    @State
    public static class ControlWithoutFence extends Tree {
        @Actor
        public void claimer() {
            deadline.setOpaque(LATER_MS);
            tree.arm(0, LATER_MS);
        }

        @Actor
        public void conductor() {
            fire();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = nextDueMs();
        }
    }

    /** Negative control: whoever clears the arming after the look forgets a deadline. */
    @JCStressTest
    @Outcome(id = "20", expect = ACCEPTABLE, desc = "Armed for the deadline.")
    @Outcome(id = "-1", expect = ACCEPTABLE_INTERESTING, desc = "Forgotten: what the order is for.")
    @Outcome(expect = FORBIDDEN, desc = "Nothing else can be.")
    @State
    public static class ControlClearAfterLook {
        private final AtomicLong armed = new AtomicLong(DUE_MS);
        private final AtomicLong deadline = new AtomicLong(-1);

        @Actor
        public void claimer() {
            deadline.set(LATER_MS);
            armed.set(LATER_MS);
        }

        @Actor
        public void conductor() {
            final long atMs = deadline.get();
            armed.set(-1);
            if (atMs >= 0) {
                armed.set(atMs);
            }
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = (int) armed.get();
        }
    }
}
