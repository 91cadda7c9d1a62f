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

    /**
     * Parks for the next pause, interrupted or not; an interrupt stays. For waits that an interrupt does not end.
     *
     * <p>Virtual threads that spin keep their carriers from the one they wait for, and yielding does not help: a carrier goes
     * on with those who yielded to it and may never look at another's queue. So they must park.
     */
    public void pauseUninterruptibly() {
        final boolean interrupted = Thread.interrupted();
        pause();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
