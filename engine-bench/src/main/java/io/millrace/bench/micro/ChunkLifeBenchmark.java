package io.millrace.bench.micro;

import io.millrace.core.concurrent.GateMember;
import io.millrace.core.slot.BlockLayout;
import io.millrace.core.slot.Directory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a chunk cost from being linked to being retired, of which each of its 64 messages pays a part? More than 10 ns
 * for each message would change our mind about slots that are addressed by sequence.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChunkLifeBenchmark {
    private static final long OWNER = 1;

    private final Memory memory = new Memory();
    private final Directory directory = new Directory(memory.pool, OWNER);
    private final GateMember member = memory.gate.join();
    private long sequence;

    /** Gives the memory back. */
    @TearDown
    public void release() {
        directory.release();
        memory.pool.release();
    }

    /** The next chunk is made, all its slots end, it goes. */
    @Benchmark
    public int ensureAndCountEnded() {
        memory.gate.enter(member);
        int block = directory.ensure(sequence);
        directory.countEnded(block, BlockLayout.SLOTS);
        memory.gate.exit(member);
        sequence += BlockLayout.SLOTS;
        return block;
    }
}
