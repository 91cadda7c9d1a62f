package io.millrace.api.queue;

import io.millrace.api.check.Arguments;
import java.util.function.Consumer;

/**
 * What a listener does with the messages of a queue. Must be thread-safe if the concurrency of its listener is above 1.
 *
 * <p>When the handler returns, every message of the batch is acknowledged, except those that it marked by {@link
 * MessageBatch#fail} and those whose delivery it ended itself: an {@link Delivery#ack ack}, {@link Delivery#retryAfter
 * retryAfter} or {@link Delivery#deadLetter deadLetter} of the handler stands. When the handler throws, every message
 * whose delivery it did not end has failed.
 *
 * <p>A failed message comes back as {@link ConsumerConfig#backoff()} says, and goes to the dead-letter queue when it
 * has been received too often.
 */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Deals with a batch of messages. Called on a thread of the listener, which it may block; it may use the queue and
     * close the listener or the engine.
     *
     * @param batch at least one message, not null
     * @throws Exception to make the whole batch fail; logged as a warning
     */
    void onBatch(MessageBatch batch) throws Exception;

    /**
     * A handler that deals with one message after the other: one for which the action throws has failed, and the others
     * go on.
     *
     * @param action what to do with each message, not null
     * @return the handler
     */
    static MessageHandler each(Consumer<? super Delivery> action) {
        Arguments.notNull("action", action);
        return batch -> {
            for (Delivery delivery : batch) {
                try {
                    action.accept(delivery);
                } catch (RuntimeException e) {
                    batch.fail(delivery, e);
                }
            }
        };
    }
}
