package io.millrace.bench.run;

/**
 * The threads that work on a queue. Immutable.
 *
 * @param producers threads that send, 0 to {@link #MAX_THREADS}; with 0 only receiving is measured
 * @param consumers threads that receive and acknowledge, 0 to {@link #MAX_THREADS}; with 0 only sending is measured
 * @param batch most messages that a consumer receives at once, 1 to {@link #MAX_BATCH}
 * @param sendBatch messages that a producer sends at once, 1 to {@link #MAX_SEND_BATCH}
 * @param isCycle whether a single thread does both: sends a message, then receives and acknowledges one
 */
public record Crew(int producers, int consumers, int batch, int sendBatch, boolean isCycle) {
    /** Most threads of a kind. */
    public static final int MAX_THREADS = 256;

    /** Most messages at once. */
    public static final int MAX_BATCH = 1_000_000;

    /** Most messages that are sent at once. */
    public static final int MAX_SEND_BATCH = 10_000;

    /**
     * Checks the ranges above.
     *
     * @throws IllegalArgumentException if a component is out of range
     */
    public Crew {
        Ranges.check("producers", producers, 0, MAX_THREADS);
        Ranges.check("consumers", consumers, 0, MAX_THREADS);
        Ranges.check("threads", producers + consumers, 1, 2L * MAX_THREADS);
        Ranges.check("batch", batch, 1, MAX_BATCH);
        Ranges.check("sendBatch", sendBatch, 1, MAX_SEND_BATCH);
    }

    /** Threads of their own for each side. */
    public static Crew of(int producers, int consumers, int batch) {
        return new Crew(producers, consumers, batch, 1, false);
    }

    /** One thread that sends, receives and acknowledges one message after the other. */
    public static Crew cycle() {
        return new Crew(1, 1, 1, 1, true);
    }

    /** The same threads, whose producers send so many messages at once. */
    public Crew withSendBatch(int messages) {
        return new Crew(producers, consumers, batch, messages, isCycle);
    }

    /** Whether either sending or receiving is measured, but not both. */
    public boolean isOneSided() {
        return producers == 0 || consumers == 0;
    }

    /** Threads in all. */
    public int threads() {
        return isCycle ? 1 : producers + consumers;
    }

    /** For example {@code 1P1C}, {@code 1P0C-by-100} or {@code cycle}. */
    @Override
    public String toString() {
        return isCycle ? "cycle" : producers + "P" + consumers + "C" + (sendBatch > 1 ? "-by-" + sendBatch : "");
    }
}
