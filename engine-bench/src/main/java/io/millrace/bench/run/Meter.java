package io.millrace.bench.run;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures the time and the allocations of the thread that it belongs to. Others read it after the thread was joined. */
final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Round round;
    private long startedNs;
    private long endedNs;
    private long allocatedBytes;

    Meter(Round round) {
        this.round = round;
    }

    /** Waits until all threads of the round are ready, and begins. */
    void start() throws InterruptedException {
        round.awaitOthers();
        allocatedBytes = -THREADS.getCurrentThreadAllocatedBytes();
        startedNs = System.nanoTime();
    }

    void stop() {
        endedNs = System.nanoTime();
        allocatedBytes += THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Whether the round shall end before its work is done. */
    boolean isCancelled() {
        return round.isCancelled();
    }

    /** {@link System#nanoTime()} at the start. */
    long startedNs() {
        return startedNs;
    }

    /** {@link System#nanoTime()} at the end. */
    long endedNs() {
        return endedNs;
    }

    /** Bytes that the thread allocated on the heap in between. */
    long allocatedBytes() {
        return allocatedBytes;
    }
}
