package io.millrace.bench.micro;

import io.millrace.core.concurrent.GateMember;
import io.millrace.core.concurrent.OperationGate;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What does every operation pay for memory that is not reused under it? More than two fences would change our mind about
 * eras.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OperationGateBenchmark {
    private final OperationGate gate = new OperationGate();
    private final GateMember member = gate.join();

    /** With one of the shared words, as the heap tier does. */
    @Benchmark
    public int enterAndExit() {
        int word = gate.enter();
        gate.exit(word);
        return word;
    }

    /** With words of its own, as the raw tier does. */
    @Benchmark
    public boolean memberEnterAndExit() {
        boolean entered = gate.enter(member);
        gate.exit(member);
        return entered;
    }

    /** What is asked once for each segment or batch of blocks that is used again. */
    @Benchmark
    public long oldestEra() {
        return gate.oldestEra();
    }
}
