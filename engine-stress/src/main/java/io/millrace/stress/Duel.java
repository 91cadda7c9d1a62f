package io.millrace.stress;

import io.millrace.api.EngineClock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Two threads that do something at the same moment, over and over, for a bounded time. One of them waits a little longer each
 * round, so that their steps meet in every way. Stateless.
 */
public final class Duel {
    private static final int LATEST = 64;
    private static final long NS_PER_MS = 1_000_000L;
    private static final int SPINS_BEFORE_YIELD = 1 << 14;

    /** What happens in a round. */
    public interface Round {
        /** On one thread, before. */
        void prepare();

        void first();

        /** On another thread, together with {@link #first}. */
        void second();

        /** On one thread, after both; throws if something is wrong. */
        void check();
    }

    private Duel() {}

    /**
     * Fights rounds until the time is over or one fails; how many.
     *
     * @param budgetMs time that the rounds may take together, in milliseconds
     */
    public static long fight(long budgetMs, Round round) {
        final long untilNs = EngineClock.system().monotonicNs() + budgetMs * NS_PER_MS;
        final AtomicLong begun = new AtomicLong();
        final AtomicLong ended = new AtomicLong();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        final Thread opponent = new Thread(() -> oppose(round, begun, ended, failure), "duel");
        opponent.setDaemon(true);
        opponent.start();
        long number = 0;
        try {
            while (EngineClock.system().monotonicNs() < untilNs) {
                round.prepare();
                begun.set(++number);
                idle(begun, (int) (number >>> 6) & (LATEST - 1));
                round.first();
                await(ended, number);
                rethrow(failure.get());
                round.check();
            }
        } finally {
            begun.set(-1);
        }
        return number;
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure != null) {
            throw new AssertionError("the second party failed", failure);
        }
    }

    private static void oppose(
            Round round, AtomicLong begun, AtomicLong ended, AtomicReference<@Nullable Throwable> failure) {
        for (long number = 1; ; number++) {
            if (!await(begun, number)) {
                return;
            }
            idle(begun, (int) number & (LATEST - 1));
            try {
                round.second();
            } catch (RuntimeException | Error e) {
                failure.set(e);
            }
            ended.set(number);
        }
    }

    /** Spins until the counter has reached a number; false if it became negative. */
    @SuppressWarnings("ThreadPriorityCheck") // yields only when the other has been away for long
    private static boolean await(AtomicLong counter, long number) {
        int spins = 0;
        long seen = counter.get();
        while (seen >= 0 && seen < number) {
            if (++spins > SPINS_BEFORE_YIELD) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
            seen = counter.get();
        }
        return seen >= 0;
    }

    /** A nanosecond or so for each read. */
    private static void idle(AtomicLong counter, int reads) {
        for (int i = 0; i < reads; i++) {
            counter.get();
        }
    }
}
