package io.millrace.queue.listener;

import io.millrace.api.queue.ConsumerStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads of a listener that have a batch, those who wait until there are none, and what all of them have done.
 * Thread-safe; guarded by the lock of the flow.
 */
final class RunningHandlers {
    private final ReentrantLock lock;
    private final Condition idle; // fewer run, or more of them wait for that
    private final Set<Thread> running = new HashSet<>();
    private final Set<Thread> inHandler = new HashSet<>(); // of these, those that may be interrupted
    private int waiting; // of these, those that wait in awaitIdle
    private long batches;
    private long acked;
    private long failed;
    private int handed;

    /** @param lock held by whoever hands over a batch, so that none is missed by those who wait */
    RunningHandlers(ReentrantLock lock) {
        this.lock = lock;
        this.idle = lock.newCondition();
    }

    /** The calling thread has a batch; called with the lock held. */
    void begin(CollectedBatch batch) {
        running.add(Thread.currentThread());
        inHandler.add(Thread.currentThread());
        handed += batch.deliveries().size();
    }

    /**
     * The handler of the calling thread has returned: the thread is not interrupted any more, and a late interrupt is
     * forgotten.
     *
     * @return false if closing has given the batch up
     */
    boolean leaveHandler() {
        lock.lock();
        try {
            Thread.interrupted();
            return inHandler.remove(Thread.currentThread());
        } finally {
            lock.unlock();
        }
    }

    /** The batch of the calling thread is over. */
    void end(CollectedBatch batch, int ackedNow, int failedNow) {
        lock.lock();
        try {
            batches += ackedNow + failedNow > 0 ? 1 : 0;
            acked += ackedNow;
            failed += failedNow;
            handed -= batch.deliveries().size();
            inHandler.remove(Thread.currentThread());
            running.remove(Thread.currentThread());
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isRunning(Thread thread) {
        lock.lock();
        try {
            return running.contains(thread);
        } finally {
            lock.unlock();
        }
    }

    ConsumerStats stats() {
        lock.lock();
        try {
            return new ConsumerStats(batches, acked, failed, handed);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until no handler runs but those that wait here themselves, the caller's included. The time is real, also on a
     * stepped clock, since handlers run in real time.
     *
     * @return false if one still ran when the time was over or the caller was interrupted, which stays so
     */
    boolean awaitIdle(Duration timeout) {
        lock.lock();
        try {
            final int self = running.contains(Thread.currentThread()) ? 1 : 0;
            waiting += self;
            idle.signalAll();
            try {
                return awaitOthers(timeout.toNanos());
            } finally {
                waiting -= self;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitOthers(long timeoutNs) {
        try {
            for (long leftNs = timeoutNs; running.size() > waiting; leftNs = idle.awaitNanos(leftNs)) {
                if (leftNs <= 0) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return running.size() <= waiting;
        }
    }

    /** Gives up the batches that handlers still have, but for the caller's own, and interrupts these; returns how many. */
    int abandon() {
        lock.lock();
        try {
            final List<Thread> abandoned = new ArrayList<>(inHandler);
            abandoned.remove(Thread.currentThread());
            abandoned.forEach(inHandler::remove);
            abandoned.forEach(Thread::interrupt);
            return abandoned.size();
        } finally {
            lock.unlock();
        }
    }
}
