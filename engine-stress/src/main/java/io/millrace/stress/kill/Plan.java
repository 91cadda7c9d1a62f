package io.millrace.stress.kill;

import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.RedrivePolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Which queues there are, and how they are configured. Stateless. */
final class Plan {
    /** Without a dead-letter queue. */
    static final String PLAIN = "plain";

    /** The dead-letter queue of all that have one. */
    static final String DEAD = "dead";

    /** Queues that are always there, a dead-letter queue before those that name it. */
    static final List<String> LASTING = List.of(DEAD, PLAIN, "orders", "jobs");

    /** Queues that come and go. */
    static final List<String> PASSING = List.of("passing-0", "passing-1");

    /** How long the raw tier hides a message, in milliseconds; a heap receive says so itself. */
    static final long HIDDEN_MS = 3_000;

    private static final int MAX_RECEIVES = 3;
    private static final int MAX_MESSAGE_BYTES = 4 << 20;
    private static final Duration RETENTION = Duration.ofDays(4);

    private Plan() {}

    static Optional<String> deadLetters(String queue) {
        return maxReceives(queue) > 0 ? Optional.of(DEAD) : Optional.empty();
    }

    /** After how many receives a message goes to the dead-letter queue, or 0 if there is none. */
    static int maxReceives(String queue) {
        return switch (queue) {
            case "orders" -> MAX_RECEIVES;
            case "jobs" -> MAX_RECEIVES + 2;
            default -> 0;
        };
    }

    /** The configuration number {@code n} of a queue; the numbers differ in several components. */
    static QueueConfig config(String queue, int n) {
        final QueueConfig config = QueueConfig.defaults()
                .withVisibilityTimeout(Duration.ofMillis(HIDDEN_MS))
                .withMaxMessageBytes(MAX_MESSAGE_BYTES)
                .withRetention(RETENTION.plusSeconds(n))
                .withReceiveWait(Duration.ofMillis(n % 7))
                .withSendTimeout(Duration.ofMillis(1_000L + n % 11))
                .withMaxBacklog(1_000_000L + n % 5);
        return deadLetters(queue)
                .map(dead -> config.withRedrive(new RedrivePolicy(dead, maxReceives(queue))))
                .orElse(config);
    }

    /** Which number a configuration has, or -1 if it is none of ours. */
    static int number(String queue, QueueConfig config) {
        final long n = config.retention().minus(RETENTION).toSeconds();
        return n >= 0 && n <= Integer.MAX_VALUE && config(queue, (int) n).equals(config) ? (int) n : -1;
    }
}
