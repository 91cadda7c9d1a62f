package io.millrace.bench.run;

/** Which messages are timed: reading the clock costs as much as a fifth of a message. Stateless. */
public final class Samples {
    /** The stamp of a message that is not timed. */
    public static final long NONE = 0;

    private static final int SHIFT = 6;
    private static final long MASK = (1 << SHIFT) - 1;

    private Samples() {}

    /**
     * The time now for one message in 64, the first included; else {@link #NONE}. Which of the 64 changes from one to the
     * next: a thing that the engine does for every 64th message shall be timed neither always nor never.
     */
    public static long stamp(long messageNumber) {
        return (messageNumber & MASK) == (messageNumber >>> SHIFT & MASK) ? System.nanoTime() | 1 : NONE;
    }
}
