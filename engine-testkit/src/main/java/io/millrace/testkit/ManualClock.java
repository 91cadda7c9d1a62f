package io.millrace.testkit;

import io.millrace.core.time.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A clock that stands still until a test moves it, so that everything an engine does by time happens at a known place in
 * the test and in the same order every time. Thread-safe; one clock may serve several engines.
 *
 * <p>An engine on this clock has no thread of its own. Moving the clock does the engine's work on the calling thread: the
 * clock goes to the next instant at which anything is due in any of its engines, lets every engine do what is due, futures
 * and waiting receivers included, and only then goes on.
 *
 * <pre>{@code
 * ManualClock clock = engine.clock();
 * queue.receive(1);                       // hidden for 30 seconds
 * clock.advance(Duration.ofSeconds(30));  // visible again, for whoever waits for it
 * }</pre>
 *
 * <p>A thread that waits in {@code receive(max, wait)} waits until another thread moves the clock. A test that has only one
 * thread calls {@link #autoAdvance()} first.
 */
public final class ManualClock implements SteppedClock {
    /** What a new clock shows. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final long NS_PER_MS = 1_000_000L;
    private static final long MAX_ELAPSED_MS = Long.MAX_VALUE / NS_PER_MS;
    private static final long NOTHING_DUE = Long.MAX_VALUE;

    /** Far more rounds at one instant than work that ends by itself can take. */
    private static final int MAX_ROUNDS = 1_000_000;

    private final CopyOnWriteArrayList<Follower> followers = new CopyOnWriteArrayList<>();
    private final ReentrantLock moving = new ReentrantLock();
    private final AtomicLong wallOffsetMs = new AtomicLong(START.toEpochMilli());
    private volatile long elapsedMs; // written under moving
    private volatile boolean autoAdvancing;

    /** A clock that shows {@link #START}. */
    public ManualClock() {}

    @Override
    public long wallMs() {
        return wallOffsetMs.get() + elapsedMs;
    }

    @Override
    public long monotonicNs() {
        return elapsedMs * NS_PER_MS;
    }

    /**
     * What the clock shows: the wall-clock time, jumps included.
     *
     * @return an instant in whole milliseconds
     */
    public Instant now() {
        return Instant.ofEpochMilli(wallMs());
    }

    // ---- moving the clock -----------------------------------------------------------------------------------------

    /**
     * Moves the clock forward, through all instants at which something is due, and does what is due at each. When this
     * returns the clock stands at the end, and nothing is left to do. A second thread that calls this waits and then moves
     * the clock farther.
     *
     * <p>If an engine throws, which would be a bug, the clock stays where that happened.
     *
     * @param duration whole milliseconds, not negative, not null; zero does what is due now
     * @throws IllegalArgumentException if the duration is negative, has a fraction of a millisecond or leads beyond 292 years
     * @throws IllegalStateException if called by something that runs because this clock is being moved, such as an action
     *     that depends on a future
     */
    public void advance(Duration duration) {
        final long ms = wholeMs(duration);
        if (ms < 0) {
            throw new IllegalArgumentException("duration must not be negative: duration=" + duration);
        }
        startMoving();
        try {
            if (ms > MAX_ELAPSED_MS - elapsedMs) {
                throw new IllegalArgumentException(
                        "the clock ends 292 years after its start: now=" + now() + " duration=" + duration);
            }
            final long targetMs = elapsedMs + ms;
            do {
                runDue();
            } while (stepTowards(targetMs));
            elapsedMs = targetMs;
        } finally {
            moving.unlock();
        }
    }

    /**
     * Does {@link #advance} up to an instant.
     *
     * @param instant what the clock shall show then, in whole milliseconds, not before {@link #now()}, not null
     * @throws IllegalArgumentException if the instant is in the past, has a fraction of a millisecond or lies too far ahead
     * @throws IllegalStateException as {@link #advance}
     */
    public void advanceTo(Instant instant) {
        final Instant now = now();
        if (instant.isBefore(now)) {
            throw new IllegalArgumentException("instant must not be in the past: instant=" + instant + " now=" + now);
        }
        advance(Duration.between(now, instant));
    }

    /**
     * Sets the wall clock forward or back, as an administrator or a time server does. Monotonic time does not move, so nothing
     * becomes due; only stamps taken from now on differ.
     *
     * @param jump whole milliseconds, negative for back, not null
     * @throws IllegalArgumentException if the jump has a fraction of a millisecond or is out of range
     */
    public void wallJump(Duration jump) {
        wallOffsetMs.addAndGet(wholeMs(jump));
    }

    private static long wholeMs(Duration duration) {
        if (duration.toNanosPart() % NS_PER_MS != 0 || Math.abs(duration.toSeconds()) > MAX_ELAPSED_MS / 1_000) {
            throw new IllegalArgumentException(
                    "duration must be whole milliseconds within 292 years: duration=" + duration);
        }
        return duration.toMillis();
    }

    private void startMoving() {
        if (moving.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "the clock is being moved by this very thread, further out on its stack: now=" + now());
        }
        moving.lock();
    }

    /** Moves to the next due instant if it is not beyond the target; false if it is. */
    private boolean stepTowards(long targetMs) {
        final long fromMs = elapsedMs;
        final long distanceMs = distanceMs();
        if (distanceMs > targetMs - fromMs) {
            return false;
        }
        elapsedMs = fromMs + distanceMs;
        return true;
    }

    /** Milliseconds until something is due in any engine, 0 if it is now. */
    private long distanceMs() {
        long least = NOTHING_DUE;
        for (Follower follower : followers) {
            final long dueMs = follower.nextDueMs();
            if (dueMs != NOTHING_DUE) {
                least = Math.min(least, Math.max(0, dueMs - follower.nowMs()));
            }
        }
        return least;
    }

    /** Does what is due at this instant, and what becomes due at it by that, until all engines rest. */
    private void runDue() {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            for (Follower follower : followers) {
                follower.runDue();
            }
            if (distanceMs() > 0) {
                return;
            }
        }
        throw new IllegalStateException("something is always due again at once: now=" + now());
    }

    // ---- waiting --------------------------------------------------------------------------------------------------

    /**
     * From now on a thread that begins to wait in {@code receive} moves the clock itself, from one due instant to the next,
     * until it gets a message or its wait is over. Meant for tests of one thread: with two, a consumer that waits would let
     * time pass before the producer comes to send.
     *
     * @return this clock
     */
    public ManualClock autoAdvance() {
        autoAdvancing = true;
        return this;
    }

    /** Moves the clock if {@link #autoAdvance()} was called. For engines, which call it on a thread that is about to wait. */
    @Override
    public void beforeWait(BooleanSupplier done) {
        if (!autoAdvancing || moving.isHeldByCurrentThread()) {
            return;
        }
        moving.lock();
        try {
            do {
                runDue();
            } while (!done.getAsBoolean() && stepTowards(MAX_ELAPSED_MS));
        } finally {
            moving.unlock();
        }
    }

    // ---- engines --------------------------------------------------------------------------------------------------

    @Override
    public void follow(Follower follower) {
        followers.add(follower);
    }

    @Override
    public void unfollow(Follower follower) {
        followers.remove(follower);
    }

    @Override
    public String toString() {
        return "ManualClock[now=" + now() + "]";
    }
}
