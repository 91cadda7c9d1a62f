package io.millrace.stress.images;

import io.millrace.api.queue.QueueConfig;
import io.millrace.stress.Check;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was promised of one queue. Confined to one thread. */
final class PromisedQueue {
    /** Configurations one of which it has. */
    final Set<QueueConfig> configs = new HashSet<>();

    /** Tags of which it has those of one element. */
    final Set<Map<String, String>> tags = new HashSet<>();

    private final String name;
    private boolean mayBeAbsent = true;
    private boolean mayBePresent;

    PromisedQueue(String name) {
        this.name = name;
    }

    /** It is being made. */
    void making(QueueConfig config) {
        mayBePresent = true;
        configs.clear();
        configs.add(config);
        tags.clear();
        tags.add(Map.of());
    }

    /** It is there. */
    void made() {
        mayBeAbsent = false;
    }

    /** It is being deleted. */
    void deleting() {
        mayBeAbsent = true;
    }

    /** It is gone. */
    void deleted() {
        mayBePresent = false;
    }

    boolean exists() {
        return !mayBeAbsent;
    }

    /** The one configuration that it has while nothing is under way. */
    QueueConfig config() {
        return configs.iterator().next();
    }

    void check(Contents.@Nullable Facts found) {
        if (found == null) {
            Check.that(mayBeAbsent, "a queue is lost: queue=" + name);
            return;
        }
        Check.that(mayBePresent, "a queue is there that was deleted: queue=" + name);
        Check.that(configs.contains(found.config()), "a queue has another configuration: queue=" + name);
        Check.that(
                tags.contains(found.tags()),
                "a queue has other tags: queue=" + name + " " + found.tags() + ", not " + tags);
    }
}
