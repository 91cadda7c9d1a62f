package io.millrace.api.queue;

import io.millrace.api.check.Arguments;
import java.time.Duration;
import java.util.Optional;

/**
 * How a listener takes messages from its queue, and what happens to those that fail. Immutable.
 *
 * @param concurrency how many handlers run at the same time, 1 to 10,000. No message is received before a handler is
 *     free for it
 * @param batchSize most messages in a batch, 1 to 1,000,000
 * @param batchWindow how long to collect a batch after its first message, zero to one hour. With zero the handler gets
 *     what is there. The visibility timeout of the whole batch begins anew when it is handed to the handler
 * @param drainTimeout how long {@link QueueConsumer#close()} waits for running handlers, zero to one hour
 * @param backoff how long a failed message stays hidden; if empty, a failed message stays in flight until its
 *     visibility timeout is over
 */
public record ConsumerConfig(
        int concurrency, int batchSize, Duration batchWindow, Duration drainTimeout, Optional<Backoff> backoff) {
    private static final int MAX_CONCURRENCY = 10_000;

    private static final ConsumerConfig DEFAULTS =
            new ConsumerConfig(1, 10, Duration.ZERO, Duration.ofSeconds(30), Optional.empty());

    /**
     * Checks the ranges above.
     *
     * @param concurrency how many handlers run at the same time
     * @param batchSize most messages in a batch
     * @param batchWindow how long to collect a batch
     * @param drainTimeout how long closing waits
     * @param backoff how long a failed message stays hidden
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if a component is out of range
     */
    public ConsumerConfig {
        Arguments.between("concurrency", concurrency, 1, MAX_CONCURRENCY);
        Arguments.between("batchSize", batchSize, 1, ReceiveOptions.MAX_MESSAGES);
        batchWindow = Arguments.atMost("batchWindow", batchWindow, Arguments.MAX_WAIT);
        drainTimeout = Arguments.atMost("drainTimeout", drainTimeout, Arguments.MAX_WAIT);
        Arguments.notNull("backoff", backoff);
    }

    /**
     * One handler at a time, batches of up to 10 without a window, 30 s to drain, no back-off.
     *
     * @return the configuration of a listener for which nothing was chosen
     */
    public static ConsumerConfig defaults() {
        return DEFAULTS;
    }

    /**
     * This configuration with another number of handlers.
     *
     * @param newValue how many handlers run at the same time, 1 to 10,000
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public ConsumerConfig withConcurrency(int newValue) {
        return new ConsumerConfig(newValue, batchSize, batchWindow, drainTimeout, backoff);
    }

    /**
     * This configuration with another batch size.
     *
     * @param newValue most messages in a batch, 1 to 1,000,000
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public ConsumerConfig withBatchSize(int newValue) {
        return new ConsumerConfig(concurrency, newValue, batchWindow, drainTimeout, backoff);
    }

    /**
     * This configuration with another batch window.
     *
     * @param newValue how long to collect a batch, zero to one hour, not null
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public ConsumerConfig withBatchWindow(Duration newValue) {
        return new ConsumerConfig(concurrency, batchSize, newValue, drainTimeout, backoff);
    }

    /**
     * This configuration with another drain timeout.
     *
     * @param newValue how long closing waits, zero to one hour, not null
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public ConsumerConfig withDrainTimeout(Duration newValue) {
        return new ConsumerConfig(concurrency, batchSize, batchWindow, newValue, backoff);
    }

    /**
     * This configuration with a back-off.
     *
     * @param newValue how long a failed message stays hidden, not null
     * @return a new configuration
     */
    public ConsumerConfig withBackoff(Backoff newValue) {
        Optional<Backoff> given = Optional.of(Arguments.notNull("backoff", newValue));
        return new ConsumerConfig(concurrency, batchSize, batchWindow, drainTimeout, given);
    }

    /**
     * This configuration without a back-off: a failed message stays in flight until its visibility timeout is over.
     *
     * @return a new configuration
     */
    public ConsumerConfig withoutBackoff() {
        return new ConsumerConfig(concurrency, batchSize, batchWindow, drainTimeout, Optional.empty());
    }
}
