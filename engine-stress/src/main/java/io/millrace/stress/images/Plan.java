package io.millrace.stress.images;

import io.millrace.api.Durability;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.RedrivePolicy;
import java.time.Duration;
import java.util.List;

/** Which queues there are. Stateless. */
final class Plan {
    /** The dead-letter queue of those that have one. */
    static final String DEAD = "dead";

    /** A queue that comes and goes. */
    static final String PASSING = "passing";

    /** A queue whose acknowledgements do not wait for the disk. */
    static final String LAZY = "lazy";

    /** Queues that stay, a dead-letter queue before those that name it. */
    static final List<String> LASTING = List.of(DEAD, "orders", LAZY, "plain");

    private static final int MAX_MESSAGE_BYTES = 4 << 20;

    private Plan() {}

    /** After how many receives a message goes to the dead-letter queue, or 0 if there is none. */
    static int maxReceives(String queue) {
        return switch (queue) {
            case "orders" -> 2;
            case LAZY -> 3;
            default -> 0;
        };
    }

    static boolean hasDeadLetters(String queue) {
        return maxReceives(queue) > 0;
    }

    /** How a queue is configured when it is made. */
    static QueueConfig config(String queue) {
        final QueueConfig config = QueueConfig.defaults()
                .withMaxMessageBytes(MAX_MESSAGE_BYTES)
                .withVisibilityTimeout(Duration.ofMillis(500))
                .withAckDurability(queue.equals(LAZY) ? Durability.PROCESS_CRASH : Durability.POWER_LOSS);
        return hasDeadLetters(queue) ? config.withRedrive(new RedrivePolicy(DEAD, maxReceives(queue))) : config;
    }
}
