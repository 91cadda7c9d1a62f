package io.millrace.core.concurrent;

import java.util.concurrent.locks.LockSupport;

/** Pauses that grow from 50 microseconds to 5 milliseconds, for callers that wait until there is room. One per wait. */
public final class Backoff {
    private static final long FIRST_NS = 50_000L;
    private static final long LONGEST_NS = 5_000_000L;

    private long pauseNs = FIRST_NS;

    /** Parks for the next pause; false at once if the thread is interrupted, which stays so. */
    public boolean pause() {
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        LockSupport.parkNanos(this, pauseNs);
        pauseNs = Math.min(LONGEST_NS, pauseNs * 2);
        return true;
    }
}
