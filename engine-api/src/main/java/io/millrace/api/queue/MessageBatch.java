package io.millrace.api.queue;

/**
 * The messages that a handler deals with in one call, oldest first. Confined to the thread that the handler is called
 * on, and valid until it returns; the deliveries themselves may be kept.
 */
public interface MessageBatch extends Iterable<Delivery> {
    /**
     * How many messages there are.
     *
     * @return 1 or more
     */
    int size();

    /**
     * Marks a message as failed: it is not acknowledged when the handler returns, and is tried again as the {@link
     * ConsumerConfig#backoff()} says. Marking it twice is the same as once.
     *
     * <p>To say yourself when it is tried again, call {@link Delivery#retryAfter} instead. A delivery that the handler
     * has ended itself keeps its end.
     *
     * @param delivery one of this batch, not null
     * @throws IllegalArgumentException if the delivery is not of this batch
     * @throws IllegalStateException if the handler has returned
     */
    void fail(Delivery delivery);

    /**
     * Marks a message as failed, and has the listener log why.
     *
     * @param delivery one of this batch, not null
     * @param cause what went wrong, logged as a warning, not null
     * @throws IllegalArgumentException if the delivery is not of this batch
     * @throws IllegalStateException if the handler has returned
     */
    void fail(Delivery delivery, Throwable cause);
}
