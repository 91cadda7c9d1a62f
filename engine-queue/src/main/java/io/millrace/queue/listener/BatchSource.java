package io.millrace.queue.listener;

import io.millrace.api.EngineClosedException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.QueueConfig;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What a listener needs of its queue. Thread-safe; called without locks. */
public interface BatchSource {
    /** The name of the queue. */
    String name();

    /**
     * The configuration in force.
     *
     * @throws EngineClosedException if the queue is deleted or the engine closed
     */
    QueueConfig config();

    /**
     * Receives messages, and waits for the first until {@code untilMs}, an engine instant. A future that is cancelled gives
     * back what it was about to get.
     *
     * @param max most messages, 1 or more
     * @param hiddenMs visibility timeout, at most the queue's cap
     * @return the deliveries, none if the time is over; fails with {@link EngineClosedException} if the queue is deleted
     *     or the engine closed
     * @throws EngineClosedException if the queue is deleted or the engine closed
     */
    CompletableFuture<List<Delivery>> receive(int max, long hiddenMs, long untilMs);

    /**
     * Acknowledges messages, and returns when all of them are acknowledged as durably as the queue promises; those that have
     * ended are left out.
     *
     * @throws EngineClosedException if the queue is deleted or the engine closed
     */
    void ackAll(List<Delivery> deliveries);

    /**
     * Undoes receives that reached no handler: the messages are visible again at once, and have been received once less.
     * Does nothing for a message whose flight was changed or has ended.
     *
     * @throws EngineClosedException if the queue is deleted or the engine closed
     */
    void giveBack(List<Delivery> deliveries);

    /** Told once by a listener that it has closed. */
    void closed(BatchConsumer consumer);
}
