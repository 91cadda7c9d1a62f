package io.millrace.core.time;

import io.millrace.api.EngineClock;
import java.util.function.BooleanSupplier;

/**
 * A clock that somebody moves by hand. An engine on such a clock starts no thread: the clock runs what is due. Thread-safe.
 */
public interface SteppedClock extends EngineClock {
    /** What an engine offers to the clock that moves it. Thread-safe. */
    interface Follower {
        /** Engine instant in milliseconds at which something is due next, or {@link Long#MAX_VALUE}. */
        long nextDueMs();

        /** Engine time now, in milliseconds. */
        long nowMs();

        /** Runs everything that is due now, on this thread. */
        void runDue();
    }

    /**
     * Called by a thread that is about to wait until {@code done}, outside the gate and without locks. The clock may move
     * itself meanwhile, on this thread.
     */
    default void beforeWait(BooleanSupplier done) {}

    /** Adds an engine that opens on this clock. */
    void follow(Follower follower);

    /** Removes an engine that has closed. */
    void unfollow(Follower follower);
}
