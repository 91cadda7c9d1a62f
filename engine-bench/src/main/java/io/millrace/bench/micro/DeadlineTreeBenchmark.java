package io.millrace.bench.micro;

import io.millrace.core.memory.Region;
import io.millrace.core.time.DeadlineTree;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a deadline cost when its block is armed already, when it is not, and when it fires? A cost of arming that is
 * seen in the cost of a receive would change our mind about the tree.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DeadlineTreeBenchmark {
    private static final int BUDGET = 64;
    private static final int STRIDE = 61;

    /** Groups of 64 blocks, a power of two. */
    @Param({"1", "1024"})
    public int groups;

    private final Memory memory = new Memory();
    private final List<Region> regions = new ArrayList<>();
    private DeadlineTree tree = new DeadlineTree(1);
    private long nowMs = 1_000;
    private int block;
    private int fired;

    /** Makes the tree, with block 0 armed at once. */
    @Setup
    public void attach() {
        tree = new DeadlineTree(groups);
        for (int group = 0; group < groups; group++) {
            Region region = memory.region(DeadlineTree.GROUP_BYTES);
            regions.add(region);
            tree.attach(group, region);
        }
    }

    /** Gives the memory back. */
    @TearDown
    public void release() {
        regions.forEach(memory.allocator::release);
    }

    private int nextBlock() {
        block = (block + STRIDE) & (groups * DeadlineTree.FAN_OUT - 1);
        return block;
    }

    /** The block is armed early enough, as for all but the first message of a chunk. */
    @Benchmark
    public boolean armAgain() {
        return tree.arm(0, nowMs++);
    }

    /** A block is armed and fires. */
    @Benchmark
    public int armAndFire() {
        nowMs++;
        tree.arm(nextBlock(), nowMs);
        return tree.fire(nowMs, BUDGET, due -> fired = due);
    }
}
