package io.millrace.bench.micro;

import io.millrace.core.memory.Region;
import io.millrace.core.slot.ControlWord;
import io.millrace.core.slot.SlotLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What do the transitions of a slot cost as arithmetic, and what does the CAS add? More than a few nanoseconds for the
 * arithmetic would change our mind about one word for everything.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ControlWordBenchmark {
    private static final int GENERATION = 7;
    private static final int VISIBILITY_MS = 30_000;

    private final Memory memory = new Memory();
    private final Region region = memory.region(SlotLayout.SIZE);
    private long nowMs = 1_700_000_000_000L;

    /** Gives the memory back. */
    @TearDown
    public void release() {
        memory.allocator.release(region);
    }

    /** Publish, claim, check the deadline, end. */
    @Benchmark
    public long transitions() {
        nowMs++;
        long ready = ControlWord.publish(GENERATION, 0);
        long inFlight = ControlWord.claim(ready, nowMs + VISIBILITY_MS);
        return ControlWord.isDue(inFlight, nowMs) ? inFlight : ControlWord.end(inFlight);
    }

    /** A message becomes visible, is claimed, and ends: a volatile store and two CASes on its slot. */
    @Benchmark
    public boolean slotClaimAndEnd() {
        nowMs++;
        long ready = ControlWord.publish(GENERATION, 0);
        region.longVolatile(SlotLayout.CONTROL_OFFSET, ready);
        long inFlight = ControlWord.claim(ready, nowMs + VISIBILITY_MS);
        boolean claimed = region.casLong(SlotLayout.CONTROL_OFFSET, ready, inFlight);
        return claimed && region.casLong(SlotLayout.CONTROL_OFFSET, inFlight, ControlWord.end(inFlight));
    }
}
