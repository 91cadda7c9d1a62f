package io.millrace.api.queue;

import io.millrace.api.check.Arguments;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which queues may name this one as their dead-letter queue. Immutable.
 *
 * @param everyQueue true if every queue may; then no sources are listed
 * @param sources the names of the queues that may if not every queue may, sorted and copied, not null
 */
public record RedriveAllow(boolean everyQueue, Set<String> sources) {
    private static final RedriveAllow ALL = new RedriveAllow(true, Set.of());
    private static final RedriveAllow NONE = new RedriveAllow(false, Set.of());

    /**
     * Checks the names and copies them.
     *
     * @param everyQueue true if every queue may
     * @param sources the names of the queues that may otherwise
     * @throws NullPointerException if the set or a name is null
     * @throws IllegalArgumentException if a name breaks the rules of {@link QueueNames}, or names are listed although
     *     every queue may
     */
    public RedriveAllow {
        SortedSet<String> copy = new TreeSet<>();
        Arguments.notNull("sources", sources).forEach(source -> copy.add(QueueNames.check(source)));
        if (everyQueue && !copy.isEmpty()) {
            throw new IllegalArgumentException("sources must be empty if every queue is allowed: sources=" + copy);
        }
        sources = Collections.unmodifiableSortedSet(copy);
    }

    /**
     * Every queue may.
     *
     * @return what a queue allows for which nothing was chosen
     */
    public static RedriveAllow all() {
        return ALL;
    }

    /**
     * No queue may.
     *
     * @return the value that allows nothing
     */
    public static RedriveAllow none() {
        return NONE;
    }

    /**
     * Only the named queues may, whether or not they exist now.
     *
     * @param sourceQueues the names, see {@link QueueNames}, copied, not null
     * @return the value that allows them
     * @throws IllegalArgumentException if a name breaks the rules
     */
    public static RedriveAllow only(Set<String> sourceQueues) {
        return new RedriveAllow(false, sourceQueues);
    }

    /**
     * Whether a queue may name this one as its dead-letter queue.
     *
     * @param sourceQueue the name of that queue, not null
     * @return true if it may
     */
    public boolean allows(String sourceQueue) {
        return everyQueue || sources.contains(Arguments.notNull("sourceQueue", sourceQueue));
    }
}
