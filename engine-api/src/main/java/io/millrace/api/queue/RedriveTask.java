package io.millrace.api.queue;

import java.time.Instant;
import java.util.Optional;

/** The moving of a dead-letter queue's messages, running or finished. Thread-safe. */
public interface RedriveTask {
    /**
     * The name of the task, unique in its engine.
     *
     * @return at least one character
     */
    String id();

    /**
     * The dead-letter queue whose messages are moved.
     *
     * @return the name of the queue
     */
    String source();

    /**
     * The queue that gets the messages.
     *
     * @return the name of the queue, or empty if each message goes back to the queue that it came from
     */
    Optional<String> destination();

    /**
     * Where the task stands.
     *
     * @return the status now
     */
    RedriveStatus status();

    /**
     * How many messages have been moved.
     *
     * @return 0 or more
     */
    long moved();

    /**
     * How many messages there were to move when the task was started; it stays the same.
     *
     * @return 0 or more
     */
    long toMove();

    /**
     * When the task was started, by the wall clock.
     *
     * @return an instant in whole milliseconds
     */
    Instant startedAt();

    /**
     * Why the task could not go on.
     *
     * @return the reason, or empty unless the status is {@link RedriveStatus#FAILED}
     */
    Optional<String> failure();

    /**
     * Stops the task after the message in hand. Messages that have been moved stay where they are. Does not wait, and
     * does nothing if the task is finished.
     *
     * @return how many messages have been moved so far
     */
    long cancel();
}
