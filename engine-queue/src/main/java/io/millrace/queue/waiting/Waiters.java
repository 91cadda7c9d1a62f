package io.millrace.queue.waiting;

import io.millrace.api.queue.Delivery;
import io.millrace.core.conductor.Conductor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The receives that wait at one queue, in order of arrival. Thread-safe; called outside the gate.
 *
 * <p>Whoever makes a message visible calls {@link #serve()}: it claims for the first waiter, completes it, and goes on with
 * the next as long as there are messages. Futures are completed after that, on the same thread, when no lock is held and
 * other threads can already serve again.
 */
// Invariants
// 1. Wake-up: publisher: READY, full fence, read count. Waiter: add (count grows), full fence, claim once more. One
//    of the two sees the other, so nobody sleeps beside a message that is his. (WaitersStress.ParkAgainstPublish)
// 2. Only the thread that moved `pending` from zero claims for waiters; others add to it and go, and it looks again. So
//    waiters are served in order and no call to serve() is lost.
// 3. A claim that a waiter does not take (cancelled or timed out meanwhile) is given back, receive count included, and
//    serving goes on, so a cancelled waiter neither loses nor hides a message.
//
// field    written by         read by     write          read
// count    park, remove       publishers  under lock     volatile
// pending  serve              serve       getAndAdd      getAndAdd
public final class Waiters {
    /** What the queue does for its waiters. */
    public interface Claimer {
        /** Claims for a waiter, as a receive would; empty if nothing is visible. */
        List<Delivery> claim(Waiter waiter);

        /** Undoes a claim that reached nobody. */
        void giveBack(List<Delivery> deliveries);
    }

    private record Served(Waiter waiter, List<Delivery> deliveries) {}

    private final Conductor conductor;
    private final Claimer claimer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Waiter> waiters = new LinkedHashSet<>(); // guarded by lock
    private final AtomicInteger pending = new AtomicInteger();
    private volatile int count;
    private boolean closed; // guarded by lock
    private @Nullable RuntimeException closedBy; // guarded by lock

    public Waiters(Conductor conductor, Claimer claimer) {
        this.conductor = conductor;
        this.claimer = claimer;
    }

    /** How many wait; for publishers, whose store of READY was a full fence. */
    public int count() {
        return count; // hb: waiter-park (volatile)
    }

    /**
     * Parks a receive until messages come or {@code untilMs} (engine time) passes, which gives it none. The future may be
     * cancelled.
     */
    public Waiter park(int max, long hiddenMs, long untilMs) {
        final Waiter waiter = new Waiter(max, hiddenMs);
        if (!add(waiter)) {
            return waiter;
        }
        var unused = waiter.future().whenComplete((deliveries, failure) -> {
            waiter.cancelTimer();
            remove(waiter);
        });
        waiter.timer(conductor.schedule(untilMs, () -> waiter.future().complete(List.of())));
        serve();
        return waiter;
    }

    /** A receive that needs no wait, in the form of one that did. */
    public Waiter served(List<Delivery> deliveries) {
        final Waiter waiter = new Waiter(deliveries.size(), 0);
        waiter.future().complete(deliveries);
        return waiter;
    }

    private boolean add(Waiter waiter) {
        lock.lock();
        try {
            if (closed) {
                waiter.future().completeExceptionally(closedBy);
                return false;
            }
            waiters.add(waiter);
            count = waiters.size(); // hb: waiter-park (volatile)
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void remove(Waiter waiter) {
        lock.lock();
        try {
            waiters.remove(waiter);
            count = waiters.size();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Waiter first() {
        lock.lock();
        try {
            return waiters.isEmpty() ? null : waiters.iterator().next();
        } finally {
            lock.unlock();
        }
    }

    /** Gives what is visible to those who wait; returns at once if another thread is doing so. */
    public void serve() {
        if (count == 0 || pending.getAndIncrement() != 0) {
            return;
        }
        List<Served> served = new ArrayList<>();
        try {
            int seen = 1;
            do {
                claimForAll(served);
                seen = pending.addAndGet(-seen);
            } while (seen != 0);
        } catch (RuntimeException | Error e) {
            pending.set(0); // or nobody would ever serve again
            throw e;
        } finally {
            served.forEach(this::complete);
        }
    }

    private void claimForAll(List<Served> served) {
        for (Waiter waiter = first(); waiter != null; waiter = first()) {
            final List<Delivery> deliveries = waiter.future().isDone() ? List.of() : claimer.claim(waiter);
            if (deliveries.isEmpty() && !waiter.future().isDone()) {
                return;
            }
            remove(waiter);
            if (!deliveries.isEmpty()) {
                served.add(new Served(waiter, deliveries));
            }
        }
    }

    private void complete(Served each) {
        if (!each.waiter().future().complete(each.deliveries())) {
            claimer.giveBack(each.deliveries());
            serve();
        }
    }

    /** Fails everybody who waits, and everybody who comes later. */
    public void close(RuntimeException reason) {
        final List<Waiter> released;
        lock.lock();
        try {
            closed = true;
            closedBy = reason;
            released = List.copyOf(waiters);
            waiters.clear();
            count = 0;
        } finally {
            lock.unlock();
        }
        released.forEach(waiter -> waiter.future().completeExceptionally(reason));
    }
}
