package io.millrace.api.queue;

import io.millrace.api.EngineClosedException;
import java.time.Duration;

/**
 * A running listener of a queue: it receives batches and calls its handler with them. Thread-safe.
 *
 * <p>It is running or paused until it is closed, by its owner or with its engine. Deleting its queue closes it too.
 */
public interface QueueConsumer extends AutoCloseable {
    /**
     * The queue that the messages come from.
     *
     * @return the name of the queue
     */
    String queue();

    /**
     * Stops receiving. Handlers that run go on; nothing more is handed to one. Does not wait. Does nothing if already
     * paused.
     *
     * @throws EngineClosedException if the listener is closed
     */
    void pause();

    /**
     * Receives again. Does nothing if not paused.
     *
     * @throws EngineClosedException if the listener is closed
     */
    void resume();

    /**
     * Pauses, and waits until no handler runs. When called by a handler, its own batch is not waited for.
     *
     * @param timeout longest wait, zero to one hour, not null. An interrupt ends the wait as the timeout does, and
     *     stays set
     * @return false if a handler still ran when the wait was over
     * @throws IllegalArgumentException if the timeout is out of range
     * @throws EngineClosedException if the listener is closed
     */
    boolean drain(Duration timeout);

    /**
     * Whether the listener receives messages.
     *
     * @return false if it is paused or closed
     */
    boolean isRunning();

    /**
     * What the listener has done.
     *
     * @return figures read one after the other while the listener goes on
     */
    ConsumerStats stats();

    /**
     * Drains for at most the {@link ConsumerConfig#drainTimeout()}, then interrupts the handlers that still run and
     * ends. Messages of theirs that are not ended by then come back after their visibility timeout. Does nothing if
     * already closed. When called by a handler, its own batch is neither waited for nor interrupted, and ends as usual
     * when the handler returns.
     */
    @Override
    void close();
}
