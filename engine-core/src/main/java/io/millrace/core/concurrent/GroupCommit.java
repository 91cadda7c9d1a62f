package io.millrace.core.concurrent;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads whose effects must reach the disk share the forces: whoever finds no leader leads a round for all that wait.
 * Thread-safe; waiting is done outside the gate.
 *
 * <p>A round covers every effect that was stored before it began. A leader that was not alone in the last round first gives
 * way to others while that brings more of them (decision 5).
 */
// Invariants
// 1. A ticket is read after the effect was stored, with a full fence in between; a round takes its number, with a full
//    fence, before it looks at what there is to force. So either the ticket names a later round, or the round sees the
//    effect. (Dekker; GroupCommitStress.StoreAgainstRound)
// 2. A round is published as completed after its force has returned, and never if it failed: then no round is, ever.
// 3. What waits for a round is done after it was published and before the next round begins.
//
// field      written by        read by   write      read
// begun      leader            everyone  getAndAdd  volatile
// completed  leader            everyone  volatile   volatile
// leading    whoever leads     everyone  CAS, set   volatile
// failure    leader            everyone  volatile   volatile
public final class GroupCommit {
    /** Forces everything that was stored before the call. Called by one thread at a time. */
    @FunctionalInterface
    public interface Forced {
        void force() throws IOException;
    }

    /** Looks at whether giving way has brought further waiters. */
    private static final int MOST_YIELDS = 16;

    private record Waiter(Thread thread, long ticket) {}

    private record Action(long ticket, Runnable run) {}

    private final Forced forced;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicBoolean leading = new AtomicBoolean();
    private final AtomicInteger arrived = new AtomicInteger();
    private final ConcurrentLinkedQueue<Waiter> waiting = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Action> actions = new ConcurrentLinkedQueue<>();
    private volatile long completed;
    private volatile @Nullable IOException failure;
    private volatile boolean closed;
    private int servedLast; // written by the leader

    public GroupCommit(Forced forced) {
        this.forced = forced;
    }

    /** Number of the round that will cover what the caller has stored before. */
    public long ticket() {
        return begun.getAndAdd(0) + 1; // hb: segment-force (volatile) -- a full fence, which a volatile read is not
    }

    /** Whether the round of a ticket is over, and with it the force. */
    public boolean isCompleted(long ticket) {
        return completed >= ticket;
    }

    /**
     * Returns when the round of a ticket is over.
     *
     * <p>Linearizes at: the store of {@code completed}. Progress: waits for the disk. If a leader stalls, everybody who waits
     * does. Ordering: label segment-force. Stress: GroupCommitStress.StoreAgainstRound.
     *
     * @throws IOException if a force has failed, in this round or any before
     */
    public void await(long ticket) throws IOException {
        arrived.getAndIncrement();
        @Nullable Waiter waiter = null;
        boolean interrupted = false;
        try {
            while (completed < ticket) {
                requireSound();
                if (tryLead(ticket)) {
                    continue;
                }
                if (waiter == null) {
                    waiter = new Waiter(Thread.currentThread(), ticket);
                    waiting.add(waiter);
                    continue; // a leader that ended meanwhile has not seen it
                }
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (waiter != null) {
                waiting.remove(waiter);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void requireSound() throws IOException {
        final IOException cause = failure;
        if (cause != null) {
            throw cause;
        }
        if (closed) {
            throw new IOException("closed");
        }
    }

    /** Ends all rounds: when this has returned, nobody leads one, nor will. Who waits is told; called once. */
    public void close() {
        closed = true;
        final Backoff backoff = new Backoff();
        while (!leading.compareAndSet(false, true)) {
            backoff.pauseUninterruptibly();
        }
        wakeAll();
    }

    /** Whether rounds have ended because {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** Leads a round if nobody does. */
    private boolean tryLead(long ticket) throws IOException {
        if (leading.get() || !leading.compareAndSet(false, true)) {
            return false;
        }
        try {
            if (completed < ticket && failure == null && !closed) {
                lead();
            }
        } finally {
            leading.set(false);
            wakeNext();
        }
        return true;
    }

    private void lead() throws IOException {
        if (servedLast > 1) {
            gather();
        }
        servedLast = arrived.getAndSet(0);
        final long round = begun.incrementAndGet(); // hb: segment-force (volatile)
        try {
            forced.force();
        } catch (IOException | RuntimeException | Error e) {
            final IOException cause = e instanceof IOException io ? io : new IOException("force failed", e);
            failure = cause;
            wakeAll();
            throw cause;
        }
        completed = round;
        wakeServed();
        runActions();
    }

    @SuppressWarnings("ThreadPriorityCheck") // a yield that the scheduler ignores costs records per force, nothing else
    private void gather() {
        int seen = arrived.get();
        for (int i = 0; i < MOST_YIELDS; i++) {
            Thread.yield();
            final int now = arrived.get();
            if (now == seen) {
                return;
            }
            seen = now;
        }
    }

    // ---- waking ---------------------------------------------------------------------------------------------------

    private void wakeServed() {
        if (waiting.isEmpty()) {
            return;
        }
        for (Waiter waiter : waiting) {
            if (waiter.ticket() <= completed) {
                LockSupport.unpark(waiter.thread());
            }
        }
    }

    /** The first of those whose round has not been leads it. */
    private void wakeNext() {
        if (waiting.isEmpty()) {
            return;
        }
        for (Waiter waiter : waiting) {
            if (waiter.ticket() > completed) {
                LockSupport.unpark(waiter.thread());
                return;
            }
        }
    }

    private void wakeAll() {
        for (Waiter waiter : waiting) {
            LockSupport.unpark(waiter.thread());
        }
    }

    // ---- what waits for a round -----------------------------------------------------------------------------------

    /** Runs an action when everything that the caller has stored is on the disk, on whatever thread leads then. */
    public void afterForce(Runnable action) {
        actions.add(new Action(ticket(), action));
    }

    /** Whether an action waits for a round that perhaps nobody else needs. */
    public boolean hasActions() {
        return !actions.isEmpty();
    }

    private void runActions() {
        if (actions.isEmpty()) {
            return;
        }
        final Queue<Action> later = new ArrayDeque<>();
        for (Action action = actions.poll(); action != null; action = actions.poll()) {
            if (action.ticket() <= completed) {
                action.run().run();
            } else {
                later.add(action);
                if (action.ticket() > completed + 1) {
                    break;
                }
            }
        }
        actions.addAll(later);
    }
}
