package io.millrace.queue.state;

import io.millrace.api.queue.QueueConfig;
import java.util.List;
import java.util.Map;

/**
 * What is kept of a queue apart from its messages. Immutable.
 *
 * @param space the name space of the name; empty is the engine's own
 * @param name the queue's name
 * @param config its configuration
 * @param tags its tags
 * @param ceiling no message has this sequence or a higher one: a multiple of 64
 * @param startedTasks redrive tasks started so far
 * @param tasks the last of them, newest first
 */
public record QueueState(
        String space,
        String name,
        QueueConfig config,
        Map<String, String> tags,
        long ceiling,
        long startedTasks,
        List<TaskState> tasks) {
    /** A queue that has just been created. */
    public static QueueState created(String name, QueueConfig config) {
        return new QueueState("", name, config, Map.of(), 0, 0, List.of());
    }

    public QueueState withConfig(QueueConfig newConfig) {
        return new QueueState(space, name, newConfig, tags, ceiling, startedTasks, tasks);
    }

    public QueueState withTags(Map<String, String> newTags) {
        return new QueueState(space, name, config, newTags, ceiling, startedTasks, tasks);
    }

    public QueueState withCeiling(long newCeiling) {
        return new QueueState(space, name, config, tags, newCeiling, startedTasks, tasks);
    }

    public QueueState withTasks(long newStartedTasks, List<TaskState> newTasks) {
        return new QueueState(space, name, config, tags, ceiling, newStartedTasks, List.copyOf(newTasks));
    }
}
