package io.millrace.core.conductor;

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One-shot timers for things that are few compared with messages: parked receives, back-offs, tasks. Thread-safe;
 * scheduling and cancelling are O(log n).
 */
public final class Timers {
    /** Nothing is scheduled. */
    public static final long NONE = Long.MAX_VALUE;

    private record Key(long atMs, long number) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            final int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** What was scheduled, for cancelling it. */
    public final class Timer {
        private final Key key;

        private Timer(Key key) {
            this.key = key;
        }

        /** Removes the timer; false if it has run or was removed before. */
        public boolean cancel() {
            return queue.remove(key) != null;
        }
    }

    private final ConcurrentSkipListMap<Key, Runnable> queue = new ConcurrentSkipListMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /** Runs {@code action} once, at or after the engine instant {@code atMs}; timers of one instant run in order. */
    Timer schedule(long atMs, Runnable action) {
        final Key key = new Key(atMs, numbers.getAndIncrement());
        queue.put(key, action);
        return new Timer(key);
    }

    /** The earliest instant scheduled, or {@link #NONE}. */
    public long nextDueMs() {
        final var first = queue.firstEntry();
        return first == null ? NONE : first.getKey().atMs();
    }

    /** Has what is due run by {@code runner}, at most {@code budget} timers; how many ran. */
    int fire(long nowMs, int budget, Consumer<Runnable> runner) {
        int fired = 0;
        while (fired < budget) {
            final var first = queue.firstEntry();
            if (first == null || first.getKey().atMs() > nowMs) {
                return fired;
            }
            if (queue.remove(first.getKey(), first.getValue())) {
                runner.accept(first.getValue());
                fired++;
            }
        }
        return fired;
    }
}
