package io.millrace.api;

import io.millrace.api.check.Arguments;
import java.io.Serial;

/** Thrown when an operation names a queue that does not exist. Thread-safe. */
public final class UnknownQueueException extends EngineException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The name as it was given. */
    private final String queue;

    /**
     * Names the queue.
     *
     * @param queue the name that was asked for, not null
     */
    public UnknownQueueException(String queue) {
        super("queue does not exist: queue=" + Arguments.shown(queue, 100));
        this.queue = queue;
    }

    /**
     * The name that was asked for.
     *
     * @return the name as it was given
     */
    public String queue() {
        return queue;
    }
}
