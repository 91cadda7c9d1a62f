package io.millrace.bench.run;

/** Which messages are timed: reading the clock costs as much as a fifth of a message. Stateless. */
public final class Samples {
    /** The stamp of a message that is not timed. */
    public static final long NONE = 0;

    private static final long MASK = 63;

    private Samples() {}

    /** The time now for one message in 64, the first included; else {@link #NONE}. */
    public static long stamp(long messageNumber) {
        return (messageNumber & MASK) == 0 ? System.nanoTime() | 1 : NONE;
    }
}
