package io.millrace.api.queue;

import io.millrace.api.check.Arguments;
import java.time.Duration;
import java.util.Optional;

/**
 * How to receive, where it differs from the queue's configuration. Immutable.
 *
 * @param max most messages to receive, 1 to 1,000,000
 * @param maxWait longest wait for the first message, zero to one hour; empty for the queue's {@link
 *     QueueConfig#receiveWait()}
 * @param visibilityTimeout how long the messages are hidden from other receivers, zero to 90 days and at most the
 *     queue's {@link QueueConfig#visibilityCap()}; empty for the queue's {@link QueueConfig#visibilityTimeout()}
 */
public record ReceiveOptions(int max, Optional<Duration> maxWait, Optional<Duration> visibilityTimeout) {
    /** Most messages that one receive may ask for. */
    static final int MAX_MESSAGES = 1_000_000;

    /**
     * Checks the ranges above; only the queue can check its own cap.
     *
     * @param max most messages to receive
     * @param maxWait longest wait
     * @param visibilityTimeout how long the messages are hidden
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if a component is out of range
     */
    public ReceiveOptions {
        Arguments.between("max", max, 1, MAX_MESSAGES);
        maxWait = Arguments.notNull("maxWait", maxWait).map(d -> Arguments.atMost("maxWait", d, Arguments.MAX_WAIT));
        visibilityTimeout = Arguments.notNull("visibilityTimeout", visibilityTimeout)
                .map(d -> Arguments.atMost("visibilityTimeout", d, Arguments.MAX_HIDDEN));
    }

    /**
     * Up to so many messages, the rest as the queue says.
     *
     * @param max most messages to receive, 1 to 1,000,000
     * @return the options
     * @throws IllegalArgumentException if the number is out of range
     */
    public static ReceiveOptions upTo(int max) {
        return new ReceiveOptions(max, Optional.empty(), Optional.empty());
    }

    /**
     * These options with a wait of their own.
     *
     * @param newWait longest wait for the first message, zero to one hour, not null; zero does not wait
     * @return new options
     * @throws IllegalArgumentException if the wait is out of range
     */
    public ReceiveOptions withWait(Duration newWait) {
        return new ReceiveOptions(max, Optional.of(Arguments.notNull("maxWait", newWait)), visibilityTimeout);
    }

    /**
     * These options with a visibility timeout of their own.
     *
     * @param newTimeout how long the messages are hidden, zero to 90 days, not null; zero leaves them visible, and only
     *     counts the receive
     * @return new options
     * @throws IllegalArgumentException if the timeout is out of range
     */
    public ReceiveOptions withVisibilityTimeout(Duration newTimeout) {
        return new ReceiveOptions(max, maxWait, Optional.of(Arguments.notNull("visibilityTimeout", newTimeout)));
    }
}
