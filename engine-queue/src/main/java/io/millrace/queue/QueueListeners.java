package io.millrace.queue;

import io.millrace.api.check.Arguments;
import io.millrace.api.queue.ConsumerConfig;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageHandler;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.QueueConsumer;
import io.millrace.core.EngineCore;
import io.millrace.queue.listener.BatchConsumer;
import io.millrace.queue.listener.BatchSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The listeners of a queue, and what the queue does for them. Thread-safe. */
final class QueueListeners implements BatchSource {
    private final HeapQueue queue;
    private final EngineCore core;
    private final Set<BatchConsumer> consumers = ConcurrentHashMap.newKeySet();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean ended;

    QueueListeners(HeapQueue queue, EngineCore core) {
        this.queue = queue;
        this.core = core;
    }

    QueueConsumer start(ConsumerConfig config, MessageHandler handler) {
        Arguments.notNull("config", config);
        Arguments.notNull("handler", handler);
        final BatchConsumer consumer = new BatchConsumer(this, core, config, handler, numbers.incrementAndGet());
        consumers.add(consumer);
        consumer.start();
        if (ended) {
            consumer.end(); // whoever set it may have come too early to meet this one
        }
        return consumer;
    }

    /** Closes all of them, since the queue or the engine is being closed; returns when threads without a batch have ended. */
    void end() {
        ended = true;
        consumers.forEach(BatchConsumer::end);
    }

    @Override
    public String name() {
        return queue.name();
    }

    @Override
    public QueueConfig config() {
        return queue.admin().config();
    }

    @Override
    public CompletableFuture<List<Delivery>> receive(int max, long hiddenMs, long untilMs) {
        return queue.park(max, hiddenMs, untilMs).future();
    }

    @Override
    public void ackAll(List<Delivery> deliveries) {
        queue.ackAllOf(deliveries);
    }

    @Override
    public void giveBack(List<Delivery> deliveries) {
        queue.giveBack(deliveries);
        queue.waiters().serve();
    }

    @Override
    public void closed(BatchConsumer consumer) {
        consumers.remove(consumer);
    }
}
