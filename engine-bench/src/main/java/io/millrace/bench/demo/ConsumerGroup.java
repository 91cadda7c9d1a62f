package io.millrace.bench.demo;

import io.millrace.api.queue.Backoff;
import io.millrace.api.queue.ConsumerConfig;
import io.millrace.api.queue.MessageHandler;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Listeners that compete for the messages of one queue. Every other one is forgetful: what fails there is not given
 * back, and returns when its visibility timeout is over. Confined to one thread.
 */
final class ConsumerGroup implements AutoCloseable {
    private static final Backoff BACKOFF = Backoff.doubling(Duration.ofMillis(10), Duration.ofMillis(100));

    private final List<QueueConsumer> consumers = new ArrayList<>();
    private final MessageQueue queue;
    private final MessageHandler handler;

    ConsumerGroup(MessageQueue queue, MessageHandler handler) {
        this.queue = queue;
        this.handler = handler;
    }

    void start(int count) {
        ConsumerConfig forgetful = ConsumerConfig.defaults();
        for (int i = 0; i < count; i++) {
            ConsumerConfig config = i % 2 == 0 ? forgetful.withBackoff(BACKOFF) : forgetful;
            consumers.add(queue.consume(config, handler));
        }
    }

    /** Waits until no handler runs any more; a thread that is interrupted is so afterwards, and waits nevertheless. */
    @Override
    public void close() {
        boolean wasInterrupted = Thread.interrupted();
        try {
            consumers.forEach(QueueConsumer::close);
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
