package io.millrace.bench.micro;

import io.millrace.core.concurrent.GateMember;
import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.RecordLog;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a record cost from claim to death, segments that are filled, retired and renewed included, but without writing
 * its payload? Half the cost of a whole message would change our mind about one log for all queues.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordLogBenchmark {
    private static final int SALT = 42;

    /** Bytes of the payload. */
    @Param({"32", "256"})
    public int payload;

    private final Memory memory = new Memory();
    private final RecordLog log = new RecordLog(memory.allocator, memory.gate, SALT);
    private final GateMember member = memory.gate.join();

    /** Gives the memory back. */
    @TearDown
    public void release() {
        log.release();
    }

    /** Claim, commit, and release of the dead record. */
    @Benchmark
    public long claimCommitRelease() {
        int length = RecordLayout.length(0, payload);
        memory.gate.enter(member);
        long position = log.claim(length);
        log.commit(position, length);
        log.release(position);
        memory.gate.exit(member);
        return position;
    }

    /** Claim and abort. */
    @Benchmark
    public long claimAbort() {
        int length = RecordLayout.length(0, payload);
        memory.gate.enter(member);
        long position = log.claim(length);
        log.abort(position, length);
        memory.gate.exit(member);
        return position;
    }
}
