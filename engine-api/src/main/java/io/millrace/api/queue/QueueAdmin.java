package io.millrace.api.queue;

import io.millrace.api.UnknownQueueException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What one administers on a queue: configuration, tags, its contents as a whole, and the return of dead letters.
 * Thread-safe.
 *
 * <p>These operations are for people and tools. They are correct while the queue is busy, but may take time in
 * proportion to what they look at. They throw as the {@link MessageQueue} does once the queue is deleted or the engine
 * closed.
 */
public interface QueueAdmin {
    /**
     * The configuration in force.
     *
     * @return what the last {@link #update} made it
     */
    QueueConfig config();

    /**
     * Changes the configuration: applies a function to the one in force, and puts the result in force at once.
     *
     * <p>Changes that several threads make are applied one after the other, so none is lost.
     *
     * @param change from the configuration in force to the new one; neither it nor its result is null
     * @return the configuration that is in force now
     * @throws UnknownQueueException if the new configuration names a dead-letter queue that does not exist
     * @throws IllegalArgumentException if that queue does not allow this one, or is of the other kind (standard, FIFO)
     */
    QueueConfig update(UnaryOperator<QueueConfig> change);

    /**
     * The tags of the queue, which mean nothing to the engine.
     *
     * @return an unmodifiable copy, possibly empty
     */
    Map<String, String> tags();

    /**
     * Adds tags; one of the same key is replaced. All are added or, if one is refused, none.
     *
     * @param tags keys of 1 to 128 characters, values of 0 to 256; with those that exist at most 50; none of it null
     * @throws IllegalArgumentException if a key or a value is too short or too long, or the tags become too many
     */
    void tag(Map<String, String> tags);

    /**
     * Removes tags.
     *
     * @param keys the keys of the tags to remove; those that do not exist are ignored; none of it null
     */
    void untag(Collection<String> keys);

    /**
     * Removes every message that was sent before this call, visible, delayed or in flight, and none that is sent after
     * it has returned.
     *
     * @return how many messages were removed
     */
    long purge();

    /**
     * Looks at the oldest messages without receiving them: neither their state nor their receive count changes.
     *
     * @param max most messages to look at, 1 to 1,000,000
     * @return copies, oldest first, in any state, possibly none; taken one after the other while the queue goes on
     * @throws IllegalArgumentException if the number is below 1
     */
    List<PeekedMessage> peek(int max);

    /**
     * What the queue holds and has done.
     *
     * @return figures read one after the other while the queue goes on
     */
    QueueStats stats();

    /**
     * The queues whose dead-letter queue this is.
     *
     * @return their names, sorted, possibly none
     */
    List<String> deadLetterSources();

    /**
     * Starts to move the messages of this dead-letter queue, oldest first, back to where they came from or to another
     * queue.
     *
     * <p>A moved message is a new one, with a new id, a fresh retention and a receive count of zero. The engine does it
     * in the background.
     *
     * @param request where to, and how fast; not null
     * @return the running task
     * @throws IllegalStateException if a task of this queue is running
     * @throws IllegalArgumentException if the destination is this queue, or of the other kind (standard, FIFO)
     * @throws UnknownQueueException if the destination does not exist
     */
    RedriveTask redrive(RedriveRequest request);

    /**
     * The redrive tasks of this queue that the engine remembers.
     *
     * @return the tasks, newest first, possibly none
     */
    List<RedriveTask> redriveTasks();
}
