package io.millrace.stress.images;

import io.millrace.Engine;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.QueueStats;
import io.millrace.stress.Check;
import io.millrace.stress.Sent;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What an engine holds that nobody uses. Immutable.
 *
 * @param queues what is known of each queue, by name
 * @param messages by number; those of a queue in their order
 */
record Contents(Map<String, Facts> queues, Map<Integer, Seen> messages) {
    /** More than there ever are. */
    static final int MOST = 100_000;

    private static final int MOST_QUEUES = 1_000;

    /**
     * A queue apart from its messages. Immutable.
     *
     * @param config its configuration
     * @param tags its tags
     */
    record Facts(QueueConfig config, Map<String, String> tags) {}

    /** Copies the maps. */
    Contents {
        queues = Map.copyOf(queues);
        messages = Collections.unmodifiableMap(new LinkedHashMap<>(messages)); // keeps the order
    }

    /** Looks at everything; fails if a message is not whole, or is there twice, or is not counted. */
    static Contents of(Engine engine) {
        final Map<String, Facts> queues = new LinkedHashMap<>();
        final Map<Integer, Seen> messages = new LinkedHashMap<>();
        final Set<String> ids = new HashSet<>();
        for (String name : engine.catalog().list("", MOST_QUEUES).items()) {
            final MessageQueue queue = engine.queue(name);
            queues.put(name, new Facts(queue.admin().config(), queue.admin().tags()));
            final int before = messages.size();
            for (PeekedMessage peeked : queue.admin().peek(MOST)) {
                final Seen seen = seen(name, peeked);
                Check.that(messages.put(seen.number(), seen) == null, "a message is there twice: " + seen);
                Check.that(ids.add(seen.id()), "two messages have one id: " + seen);
            }
            final QueueStats stats = queue.admin().stats();
            final long counted = stats.visible() + stats.inFlight() + stats.delayed();
            Check.that(
                    counted == messages.size() - before,
                    "a queue counts other messages than it holds: queue=" + name + " stats=" + stats);
        }
        return new Contents(queues, messages);
    }

    private static Seen seen(String queue, PeekedMessage peeked) {
        final OptionalInt number = Sent.numberOf(peeked.bytes());
        Check.that(
                number.isPresent() && peeked.attributes().equals(Sent.attributes(number.getAsInt())),
                "a message is not as it was sent: queue=" + queue + " " + peeked);
        return new Seen(number.getAsInt(), queue, peeked.id().toString(), peeked.state(), peeked.receiveCount());
    }

    /** Fails if what is found at a second opening differs from what the first one showed and what was done since. */
    static void checkSame(Map<String, Facts> queues, Set<Integer> messages, Contents second) {
        Check.that(queues.equals(second.queues()), "queues differ at the second opening");
        final Set<Integer> gone = new HashSet<>(messages);
        final Set<Integer> come = new HashSet<>(second.messages().keySet());
        gone.removeAll(second.messages().keySet());
        come.removeAll(messages);
        Check.that(
                gone.isEmpty() && come.isEmpty(),
                "messages differ at the second opening: gone=" + gone + " come=" + come);
    }
}
