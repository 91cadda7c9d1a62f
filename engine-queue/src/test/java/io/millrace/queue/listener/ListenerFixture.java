package io.millrace.queue.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.EngineClock;
import io.millrace.api.EngineConfig;
import io.millrace.api.queue.ConsumerStats;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageBatch;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.QueueConsumer;
import io.millrace.core.EngineCore;
import io.millrace.core.concurrent.Backoff;
import io.millrace.queue.QueueRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** An engine's core and queues; every wait has a bound, and closing checks that no thread of a listener is left. */
final class ListenerFixture implements AutoCloseable {
    private static final long BOUND_S = 20;
    private static final int MOST_PAUSES = 4_000; // of at most 5 ms

    final EngineCore core;
    final QueueRegistry queues;

    ListenerFixture(EngineClock clock) {
        core = new EngineCore(
                EngineConfig.defaults().withOffHeapLimit(64L << 20).withClock(clock));
        queues = new QueueRegistry(core);
        core.start();
    }

    MessageQueue queue(String name, UnaryOperator<QueueConfig> change) {
        return queues.open(name, change);
    }

    void closeEngine() {
        queues.close();
        core.close();
    }

    @Override
    public void close() {
        closeEngine();
        await(() -> listenerThreads().isEmpty(), ListenerFixture::listenerThreads);
    }

    static List<String> listenerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millrace-consumer-"))
                .sorted()
                .toList();
    }

    static List<String> texts(MessageBatch batch) {
        final List<String> texts = new ArrayList<>();
        batch.forEach(delivery -> texts.add(delivery.text()));
        return texts;
    }

    static List<String> receive(MessageQueue queue) {
        return queue.receive(100).stream().map(Delivery::text).toList();
    }

    static void awaitBatches(QueueConsumer consumer, long batches) {
        await(() -> consumer.stats().batches() >= batches, consumer::stats);
        final ConsumerStats stats = consumer.stats();
        assertThat(stats.batches()).as("batches of %s", stats).isEqualTo(batches);
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(BOUND_S, TimeUnit.SECONDS))
                    .as("latch within %d s", BOUND_S)
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    static void await(BooleanSupplier condition, Supplier<?> state) {
        final Backoff pauses = new Backoff();
        for (int i = 0; i < MOST_PAUSES && !condition.getAsBoolean(); i++) {
            assertThat(pauses.pause()).as("not interrupted").isTrue();
        }
        assertThat(condition.getAsBoolean()).as("awaited: %s", state.get()).isTrue();
    }

    /** What a handler throws on purpose; without a stack trace, since it is logged. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused() {
            super("refused on purpose", null, false, false);
        }
    }
}
