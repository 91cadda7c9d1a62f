package io.millrace.bench.scale;

import com.sun.management.ThreadMXBean;
import io.millrace.Engine;
import java.lang.management.ManagementFactory;
import org.HdrHistogram.Histogram;

/** Measures the steps of one part on one engine. Confined to one thread. */
final class StepMeter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long LONGEST_NS = 3_600_000_000_000L;
    private static final long LONGEST_PAUSE_NS = 60_000_000_000L;
    private static final int DIGITS = 3;
    private static final int COLLECTIONS = 3;
    private static final double NS_PER_US = 1e3;

    /**
     * Every how many operations one is timed: reading the clock costs as much as a part of one. A prime, since the engine
     * does some things for every 64th message.
     */
    private static final long SAMPLE_EVERY = 61;

    /** One operation of a step. */
    @FunctionalInterface
    interface Operation {
        /**
         * Does the next one.
         *
         * @param done how many are done already
         * @return how many this one did, 0 if there is nothing to do yet
         */
        long next(long done);
    }

    private final Engine engine;
    private final long count;
    private final long emptyOffHeapBytes;
    private final long emptyHeapBytes;

    /** @param engine with nothing in it */
    StepMeter(Engine engine, long count) {
        this.engine = engine;
        this.count = count;
        this.emptyOffHeapBytes = engine.stats().offHeapBytes();
        this.emptyHeapBytes = heapBytes();
    }

    /** A histogram of nanoseconds. */
    static Histogram newHistogram() {
        return new Histogram(LONGEST_NS, DIGITS);
    }

    /** Bytes on the heap after a collection. */
    static long heapBytes() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Bytes that this thread has allocated so far. */
    static long allocatedBytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /**
     * Repeats an operation until all is done.
     *
     * @throws IllegalStateException if for a minute there is nothing to do, or more is done than there is
     */
    StepCost measure(Operation operation) {
        Histogram times = newHistogram();
        long allocatedBefore = allocatedBytes();
        long startedNs = System.nanoTime();
        long lastNs = startedNs;
        long done = 0;
        for (long i = 0; done < count; i++) {
            if (i % SAMPLE_EVERY != 0) {
                done += operation.next(done);
                continue;
            }
            long beginNs = System.nanoTime();
            long now = operation.next(done);
            if (now > 0) {
                lastNs = System.nanoTime();
                times.recordValue(Math.min((lastNs - beginNs) / now, LONGEST_NS));
            } else if (beginNs - lastNs > LONGEST_PAUSE_NS) {
                throw new IllegalStateException("nothing happens any more: done=" + done + " count=" + count);
            }
            done += now;
        }
        long elapsedNs = System.nanoTime() - startedNs;
        long allocated = allocatedBytes() - allocatedBefore;
        if (done != count) {
            throw new IllegalStateException("there is more than there should be: done=" + done + " count=" + count);
        }
        return cost((double) elapsedNs / count, times, allocated);
    }

    /** The cost of a step that was timed otherwise. */
    StepCost cost(double nsEach, Histogram times, long allocated) {
        return new StepCost(
                nsEach,
                times.getValueAtPercentile(50) / NS_PER_US,
                times.getValueAtPercentile(99) / NS_PER_US,
                (double) allocated / count,
                (double) (engine.stats().offHeapBytes() - emptyOffHeapBytes) / count,
                (double) (heapBytes() - emptyHeapBytes) / count);
    }
}
