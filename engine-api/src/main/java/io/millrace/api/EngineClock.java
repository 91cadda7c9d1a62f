package io.millrace.api;

/**
 * Where an engine reads the time. Thread-safe.
 *
 * <p>An engine asks nobody else for the time, so a clock that a test moves by hand makes the whole engine
 * deterministic. Deadlines, delays and retention run on the monotonic time; the wall-clock time is only for stamps that
 * users see and for catching up after the machine was suspended.
 */
public interface EngineClock {
    /**
     * The clock of the machine: {@link System#currentTimeMillis()} and {@link System#nanoTime()}.
     *
     * @return always the same clock
     */
    static EngineClock system() {
        return SystemClock.INSTANCE;
    }

    /**
     * Wall-clock time. It may jump in either direction when somebody sets the machine's clock.
     *
     * @return milliseconds since 1970-01-01T00:00:00Z
     */
    long wallMs();

    /**
     * Monotonic time. It never goes back, and only differences of two readings mean anything.
     *
     * @return nanoseconds since an arbitrary instant; any value, negative ones included
     */
    long monotonicNs();
}
