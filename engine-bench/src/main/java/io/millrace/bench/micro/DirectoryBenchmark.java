package io.millrace.bench.micro;

import io.millrace.core.concurrent.GateMember;
import io.millrace.core.slot.BlockLayout;
import io.millrace.core.slot.Directory;
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
 * What does it cost to find a slot, and to find the lowest returned one, in a short queue and in a long one? A cost that
 * grows by more than a page per factor of 512 would change our mind about the radix tree.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DirectoryBenchmark {
    private static final long OWNER = 1;

    /** Odd, so that all sequences are visited. */
    private static final long STRIDE = 7_919;

    /** Messages in the queue, a power of two. */
    @Param({"64", "1048576"})
    public int backlog;

    private final Memory memory = new Memory();
    private final Directory directory = new Directory(memory.pool, OWNER);
    private final GateMember member = memory.gate.join();
    private long sequence;

    /** Makes the chunks. */
    @Setup
    public void fill() {
        memory.gate.enter(member);
        for (long at = 0; at < backlog; at += BlockLayout.SLOTS) {
            if (directory.ensure(at) == Directory.NONE) {
                throw new IllegalStateException("no memory for a chunk: sequence=" + at);
            }
        }
    }

    /** Gives the memory back. */
    @TearDown
    public void release() {
        directory.release();
        memory.gate.exit(member);
        memory.pool.release();
    }

    private long nextSequence() {
        sequence = (sequence + STRIDE) & (backlog - 1);
        return sequence;
    }

    /** From the root to any chunk. */
    @Benchmark
    public int find() {
        return directory.find(nextSequence());
    }

    /** One sequence after the other, as receivers do, with the hint. */
    @Benchmark
    public int findNear() {
        sequence = (sequence + 1) & (backlog - 1);
        return directory.findNear(sequence);
    }

    /** Marks a slot as returned and takes it back. */
    @Benchmark
    public long markAndTakeReturned() {
        directory.markReturned(nextSequence());
        return directory.takeReturned();
    }
}
