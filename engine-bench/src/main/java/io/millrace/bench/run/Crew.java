package io.millrace.bench.run;

/**
 * The threads that work on a queue. Immutable.
 *
 * @param producers threads that send, 1 to {@link #MAX_THREADS}
 * @param consumers threads that receive and acknowledge, 1 to {@link #MAX_THREADS}
 * @param batch most messages that a consumer receives at once, 1 to {@link #MAX_BATCH}
 * @param isCycle whether a single thread does both: sends a message, then receives and acknowledges one
 */
public record Crew(int producers, int consumers, int batch, boolean isCycle) {
    /** Most threads of a kind. */
    public static final int MAX_THREADS = 256;

    /** Most messages at once. */
    public static final int MAX_BATCH = 1_000_000;

    /**
     * Checks the ranges above.
     *
     * @throws IllegalArgumentException if a component is out of range
     */
    public Crew {
        Ranges.check("producers", producers, 1, MAX_THREADS);
        Ranges.check("consumers", consumers, 1, MAX_THREADS);
        Ranges.check("batch", batch, 1, MAX_BATCH);
    }

    /** Threads of their own for each side. */
    public static Crew of(int producers, int consumers, int batch) {
        return new Crew(producers, consumers, batch, false);
    }

    /** One thread that sends, receives and acknowledges one message after the other. */
    public static Crew cycle() {
        return new Crew(1, 1, 1, true);
    }

    /** Threads in all. */
    public int threads() {
        return isCycle ? 1 : producers + consumers;
    }

    /** For example {@code 1P1C} or {@code cycle}. */
    @Override
    public String toString() {
        return isCycle ? "cycle" : producers + "P" + consumers + "C";
    }
}
