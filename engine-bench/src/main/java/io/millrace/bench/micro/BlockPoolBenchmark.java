package io.millrace.bench.micro;

import io.millrace.core.concurrent.GateMember;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does it cost to take a block and to give it back, paid once for 64 messages? More than a microsecond would change
 * our mind about one pool for all queues.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BlockPoolBenchmark {
    private final Memory memory = new Memory();
    private final GateMember member = memory.gate.join();

    /** Gives the memory back. */
    @TearDown
    public void release() {
        memory.pool.release();
    }

    /** A block that nobody has seen goes back to the free ones. */
    @Benchmark
    public int takeAndGiveBack() {
        memory.gate.enter(member);
        int block = memory.pool.tryTake();
        memory.pool.giveBack(block);
        memory.gate.exit(member);
        return block;
    }

    /** A block that others may look at waits for its era to pass. */
    @Benchmark
    public int takeAndRetire() {
        memory.gate.enter(member);
        int block = memory.pool.tryTake();
        memory.pool.retire(block);
        memory.gate.exit(member);
        return block;
    }
}
