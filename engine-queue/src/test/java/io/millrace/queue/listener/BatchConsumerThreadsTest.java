package io.millrace.queue.listener;

import static io.millrace.queue.listener.ListenerFixture.await;
import static io.millrace.queue.listener.ListenerFixture.awaitBatches;
import static io.millrace.queue.listener.ListenerFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.EngineClock;
import io.millrace.api.queue.Backoff;
import io.millrace.api.queue.ConsumerConfig;
import io.millrace.api.queue.ConsumerStats;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageBatch;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many handlers at once, on the clock of the machine. */
@Timeout(60)
class BatchConsumerThreadsTest {
    private final ListenerFixture fixture = new ListenerFixture(EngineClock.system());
    private final MessageQueue queue = fixture.queue("orders", c -> c);
    private final ConcurrentLinkedQueue<String> handled = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();

    @AfterEach
    void close() {
        fixture.close();
    }

    private void count(MessageBatch batch) {
        mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
        handled.addAll(texts(batch));
        Thread.onSpinWait();
        running.decrementAndGet();
    }

    private List<String> send(int messages) {
        List<String> texts =
                IntStream.range(0, messages).mapToObj(String::valueOf).toList();
        texts.forEach(queue::send);
        return texts;
    }

    private void awaitAcked(QueueConsumer consumer, long messages) {
        await(() -> consumer.stats().acked() >= messages, consumer::stats);
    }

    @Test
    void shouldRunHandlersSideBySide() {
        CyclicBarrier three = new CyclicBarrier(3);
        QueueConsumer consumer =
                queue.consume(ConsumerConfig.defaults().withConcurrency(3).withBatchSize(1), batch -> {
                    three.await(20, TimeUnit.SECONDS); // breaks unless three are here at once
                    count(batch);
                });

        send(30);

        awaitBatches(consumer, 30);
        assertThat(consumer.stats()).isEqualTo(new ConsumerStats(30, 30, 0, 0));
        assertThat(mostRunning).hasValueLessThanOrEqualTo(3);
    }

    @Test
    void shouldNeverRunMoreHandlersThanAllowed() {
        QueueConsumer consumer =
                queue.consume(ConsumerConfig.defaults().withConcurrency(4).withBatchSize(3), this::count);

        List<String> sent = send(5_000);

        awaitAcked(consumer, 5_000);
        assertThat(handled).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(mostRunning).hasValueLessThanOrEqualTo(4);
        assertThat(consumer.drain(Duration.ofSeconds(20))).isTrue();
        assertThat(consumer.stats()).extracting("acked", "failed", "inHandler").containsExactly(5_000L, 0L, 0);
    }

    @Test
    void shouldReceiveNothingForWhichNoHandlerIsFree() {
        CountDownLatch handling = new CountDownLatch(2);
        CountDownLatch released = new CountDownLatch(1);
        QueueConsumer consumer =
                queue.consume(ConsumerConfig.defaults().withConcurrency(2).withBatchSize(2), batch -> {
                    handling.countDown();
                    await(released);
                });

        send(10);
        await(handling);

        assertThat(queue.admin().stats().inFlight())
                .isBetween(2L, 4L)
                .isEqualTo(consumer.stats().inHandler());
        assertThat(queue.admin().stats().waitingReceivers()).isZero();
        released.countDown();
        awaitAcked(consumer, 10);
    }

    @Test
    void shouldRespectTheLimitOnMessagesInFlight() {
        MessageQueue limited = fixture.queue("limited", c -> c.withMaxInFlight(2));
        QueueConsumer consumer =
                limited.consume(ConsumerConfig.defaults().withConcurrency(4).withBatchSize(1), this::count);

        for (int i = 0; i < 500; i++) {
            limited.send("m" + i);
        }

        awaitAcked(consumer, 500);
        assertThat(mostRunning).hasValueLessThanOrEqualTo(2);
    }

    @Test
    void shouldCloseAWindowByItself() {
        QueueConsumer consumer = queue.consume(
                ConsumerConfig.defaults().withBatchSize(100).withBatchWindow(Duration.ofMillis(20)), this::count);

        List<String> sent = send(10);

        awaitAcked(consumer, 10);
        assertThat(handled).containsExactlyElementsOf(sent);
    }

    @Test
    void shouldTryFailedMessagesAgainUntilTheySucceed() {
        QueueConsumer consumer = queue.consume(
                ConsumerConfig.defaults().withConcurrency(2).withBackoff(Backoff.fixed(Duration.ofMillis(1))),
                batch -> {
                    for (Delivery delivery : batch) {
                        if (delivery.receiveCount() < 3) {
                            batch.fail(delivery);
                        } else {
                            handled.add(delivery.text());
                        }
                    }
                });

        List<String> sent = send(200);

        awaitAcked(consumer, 200);
        assertThat(handled).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(consumer.stats().failed()).isEqualTo(400);
    }

    @Test
    void shouldHandleEverythingOnceThoughPausedAndResumedAllTheTime() throws InterruptedException {
        ConcurrentLinkedQueue<Integer> receiveCounts = new ConcurrentLinkedQueue<>();
        List<QueueConsumer> consumers = new ArrayList<>();
        for (Duration window : List.of(Duration.ZERO, Duration.ofMillis(1))) {
            consumers.add(queue.consume(
                    ConsumerConfig.defaults()
                            .withConcurrency(3)
                            .withBatchSize(7)
                            .withBatchWindow(window),
                    batch -> {
                        batch.forEach(delivery -> receiveCounts.add(delivery.receiveCount()));
                        count(batch);
                    }));
        }
        List<Thread> toggling = consumers.stream()
                .map(consumer -> new Thread(() -> toggle(consumer), "toggle"))
                .toList();
        toggling.forEach(Thread::start);

        List<String> sent = send(20_000);

        for (Thread thread : toggling) {
            thread.join();
        }
        await(
                () -> consumers.stream().mapToLong(c -> c.stats().acked()).sum() >= 20_000,
                () -> consumers.stream().map(QueueConsumer::stats).toList());
        assertThat(handled).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(receiveCounts).containsOnly(1);
        consumers.forEach(QueueConsumer::pause);
        assertThat(queue.admin().stats().inFlight()).isZero();
        assertThat(queue.admin().stats().visible()).isZero();
        assertThat(queue.admin().stats().waitingReceivers()).isZero();
    }

    private static void toggle(QueueConsumer consumer) {
        for (int i = 0; i < 500; i++) {
            consumer.pause();
            consumer.resume();
        }
    }

    @Test
    void shouldEndAtAnyMomentOfWork() {
        for (int round = 0; round < 50; round++) {
            String name = "queue" + round;
            MessageQueue busy = fixture.queue(name, c -> c);
            QueueConsumer consumer =
                    busy.consume(ConsumerConfig.defaults().withConcurrency(2).withBatchSize(2), this::count);
            for (int i = 0; i < 50; i++) {
                busy.send("m" + i);
            }

            if (round % 2 == 0) {
                fixture.queues.delete(name);
            } else {
                consumer.close();
            }

            assertThat(consumer.isRunning()).isFalse();
        }
        await(() -> ListenerFixture.listenerThreads().isEmpty(), ListenerFixture::listenerThreads);
    }
}
