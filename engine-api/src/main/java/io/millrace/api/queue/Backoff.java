package io.millrace.api.queue;

import io.millrace.api.check.Arguments;
import java.time.Duration;

/**
 * How long a message that failed stays hidden before it is tried again: longer after each receive. Immutable.
 *
 * @param first the delay after the first receive, zero to 90 days, not null
 * @param max the longest delay, the first one to 90 days, not null
 * @param factor by how much each delay is longer than the one before, 1 to 1,000
 */
public record Backoff(Duration first, Duration max, double factor) {
    private static final double MAX_FACTOR = 1_000;

    /**
     * Checks the ranges above.
     *
     * @param first the delay after the first receive
     * @param max the longest delay
     * @param factor by how much each delay is longer
     * @throws NullPointerException if a delay is null
     * @throws IllegalArgumentException if a component is out of range
     */
    public Backoff {
        max = Arguments.atMost("max", max, Arguments.MAX_HIDDEN);
        first = Arguments.atMost("first", first, max);
        if (!(factor >= 1 && factor <= MAX_FACTOR)) {
            throw new IllegalArgumentException("factor must be between 1 and 1000: factor=" + factor);
        }
    }

    /**
     * The same delay after every receive.
     *
     * @param delay zero to 90 days, not null; zero tries again at once
     * @return the back-off
     * @throws IllegalArgumentException if the delay is out of range
     */
    public static Backoff fixed(Duration delay) {
        return new Backoff(delay, delay, 1);
    }

    /**
     * A delay that doubles with every receive.
     *
     * @param first the delay after the first receive, zero to {@code max}, not null
     * @param max the longest delay, at most 90 days, not null
     * @return the back-off
     * @throws IllegalArgumentException if a delay is out of range
     */
    public static Backoff doubling(Duration first, Duration max) {
        return new Backoff(first, max, 2);
    }

    /**
     * The delay of a message that has failed.
     *
     * @param receiveCount how often it has been received, 1 or more
     * @return {@code first} times {@code factor} for each receive after the first, rounded to milliseconds, at most
     *     {@code max}
     * @throws IllegalArgumentException if the count is below 1
     */
    public Duration delayAfter(int receiveCount) {
        Arguments.atLeast("receiveCount", receiveCount, 1);
        // Kept finite, because infinitely many times zero would be no number.
        double times = Math.min(Math.pow(factor, receiveCount - 1.0), Double.MAX_VALUE);
        double delayMs = first.toMillis() * times;
        return delayMs < max.toMillis() ? Duration.ofMillis(Math.round(delayMs)) : max;
    }
}
