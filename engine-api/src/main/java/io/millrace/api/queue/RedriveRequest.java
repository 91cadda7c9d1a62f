package io.millrace.api.queue;

import io.millrace.api.check.Arguments;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the messages of a dead-letter queue shall go, and how fast. Immutable.
 *
 * @param destination the name of the queue that gets them, see {@link QueueNames}; empty for the queue that each of
 *     them came from
 * @param messagesPerSecond most messages to move in a second, 1 to 1,000,000; empty for as fast as possible
 */
public record RedriveRequest(Optional<String> destination, OptionalInt messagesPerSecond) {
    private static final int MAX_RATE = 1_000_000;

    /**
     * Checks the ranges above; whether the queue exists is checked where the task is started.
     *
     * @param destination the name of the queue that gets them
     * @param messagesPerSecond most messages to move in a second
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if the name breaks the rules or the rate is out of range
     */
    public RedriveRequest {
        Arguments.notNull("destination", destination).ifPresent(QueueNames::check);
        Arguments.notNull("messagesPerSecond", messagesPerSecond)
                .ifPresent(rate -> Arguments.between("messagesPerSecond", rate, 1, MAX_RATE));
    }

    /**
     * Each message back to the queue that it came from, as fast as possible.
     *
     * @return the request
     */
    public static RedriveRequest toSources() {
        return new RedriveRequest(Optional.empty(), OptionalInt.empty());
    }

    /**
     * All messages to one queue, as fast as possible.
     *
     * @param queue the name of that queue, see {@link QueueNames}, not null
     * @return the request
     * @throws IllegalArgumentException if the name breaks the rules
     */
    public static RedriveRequest to(String queue) {
        return new RedriveRequest(Optional.of(Arguments.notNull("queue", queue)), OptionalInt.empty());
    }

    /**
     * This request with a limit on its speed.
     *
     * @param newRate most messages to move in a second, 1 to 1,000,000
     * @return a new request
     * @throws IllegalArgumentException if the rate is out of range
     */
    public RedriveRequest withRate(int newRate) {
        return new RedriveRequest(destination, OptionalInt.of(newRate));
    }
}
