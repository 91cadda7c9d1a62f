package io.millrace.queue.listener;

import static io.millrace.queue.listener.ListenerFixture.await;
import static io.millrace.queue.listener.ListenerFixture.awaitBatches;
import static io.millrace.queue.listener.ListenerFixture.receive;
import static io.millrace.queue.listener.ListenerFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.api.EngineClosedException;
import io.millrace.api.queue.Backoff;
import io.millrace.api.queue.ConsumerConfig;
import io.millrace.api.queue.ConsumerStats;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageBatch;
import io.millrace.api.queue.MessageHandler;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pausing, draining and closing a listener, from outside and by its own handlers. */
@Timeout(60)
class BatchConsumerLifecycleTest {
    private static final Duration VISIBILITY = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ConsumerConfig ONE_BY_ONE = ConsumerConfig.defaults().withBatchSize(1);

    private final StepClock clock = new StepClock();
    private final ListenerFixture fixture = new ListenerFixture(clock);
    private final MessageQueue queue = fixture.queue("orders", c -> c.withVisibilityTimeout(VISIBILITY));
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final Blocking blocking = new Blocking();

    @AfterEach
    void close() {
        blocking.released.countDown();
        fixture.close();
    }

    /** A handler that says when it runs and then waits until it is released. */
    private final class Blocking implements MessageHandler {
        private final CountDownLatch running = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final List<String> interrupted = new CopyOnWriteArrayList<>();

        @Override
        public void onBatch(MessageBatch batch) throws InterruptedException {
            running.countDown();
            try {
                assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                interrupted.addAll(texts(batch));
                throw e;
            }
            handled.addAll(texts(batch));
        }
    }

    /** A handler that needs its own listener, which it has before it is given a message. */
    private interface Inside {
        void run(QueueConsumer consumer) throws Exception;
    }

    private QueueConsumer consumeInside(int concurrency, Inside inside) {
        CompletableFuture<QueueConsumer> self = new CompletableFuture<>();
        QueueConsumer consumer = queue.consume(ONE_BY_ONE.withConcurrency(concurrency), batch -> {
            inside.run(self.join());
            handled.addAll(texts(batch));
        });
        self.complete(consumer);
        return consumer;
    }

    private void awaitHandled(String... texts) {
        await(() -> handled.size() >= texts.length, () -> handled);
        assertThat(handled).containsExactlyInAnyOrder(texts);
    }

    private void awaitEnd(QueueConsumer consumer) {
        await(() -> ListenerFixture.listenerThreads().isEmpty(), ListenerFixture::listenerThreads);
        assertThat(consumer.isRunning()).isFalse();
    }

    private void assertClosed(QueueConsumer consumer) {
        assertThat(consumer.isRunning()).isFalse();
        for (Runnable use : List.<Runnable>of(consumer::pause, consumer::resume, () -> consumer.drain(Duration.ZERO))) {
            assertThatExceptionOfType(EngineClosedException.class)
                    .isThrownBy(use::run)
                    .withMessageContaining("orders");
        }
        consumer.close();
    }

    @Test
    void shouldRunOneNamedThreadForEachHandler() {
        QueueConsumer consumer =
                queue.consume(ConsumerConfig.defaults().withConcurrency(2), batch -> handled.addAll(texts(batch)));

        assertThat(ListenerFixture.listenerThreads())
                .containsExactly("millrace-consumer-orders-1-1", "millrace-consumer-orders-1-2");
        assertThat(consumer.queue()).isEqualTo("orders");
        assertThat(consumer.isRunning()).isTrue();
        consumer.close();
        assertThat(ListenerFixture.listenerThreads()).isEmpty();
    }

    @Test
    void shouldTellTheThreadsOfSeveralListenersApart() {
        QueueConsumer first = queue.consume(batch -> handled.addAll(texts(batch)));
        QueueConsumer second = queue.consume(batch -> handled.addAll(texts(batch)));

        assertThat(ListenerFixture.listenerThreads())
                .containsExactly("millrace-consumer-orders-1-1", "millrace-consumer-orders-2-1");
        first.close();
        second.close();
    }

    @Nested
    class WhenPaused {
        @Test
        void shouldReceiveNothingUntilResumed() {
            QueueConsumer consumer = queue.consume(batch -> handled.addAll(texts(batch)));

            consumer.pause();
            consumer.pause();
            queue.send("a");
            assertThat(consumer.isRunning()).isFalse();
            assertThat(queue.admin().stats().visible()).isEqualTo(1);
            assertThat(queue.admin().stats().waitingReceivers()).isZero();
            consumer.resume();
            consumer.resume();

            awaitBatches(consumer, 1);
            assertThat(handled).containsExactly("a");
            assertThat(consumer.isRunning()).isTrue();
        }

        @Test
        void shouldLetARunningHandlerFinish() {
            QueueConsumer consumer = queue.consume(ONE_BY_ONE, blocking);
            queue.send("a");
            queue.send("b");
            await(blocking.running);

            consumer.pause();
            blocking.released.countDown();

            awaitBatches(consumer, 1);
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(1, 1, 0, 0));
            assertThat(receive(queue)).containsExactly("b");
        }

        @Test
        void shouldGiveBackWhatWasCollectedAsIfNeverReceived() {
            QueueConsumer consumer = queue.consume(
                    ConsumerConfig.defaults().withBatchWindow(Duration.ofSeconds(5)),
                    batch -> handled.addAll(texts(batch)));
            queue.send("a");
            queue.send("b");
            assertThat(receive(queue)).isEmpty();

            consumer.pause();

            List<Delivery> back = queue.receive(10);
            assertThat(back).extracting(Delivery::text).containsExactly("a", "b");
            assertThat(back).extracting(Delivery::receiveCount).containsExactly(1, 1);
            clock.advance(Duration.ofSeconds(5));
            assertThat(handled).isEmpty();
        }

        @Test
        void shouldGiveBackToAnotherListener() {
            QueueConsumer first =
                    queue.consume(ConsumerConfig.defaults().withBatchWindow(Duration.ofSeconds(5)), blocking);
            queue.send("a");
            QueueConsumer second = queue.consume(batch -> handled.addAll(texts(batch)));

            first.pause();

            awaitBatches(second, 1);
            assertThat(handled).containsExactly("a");
        }

        @Test
        void shouldBeginANewWindowWhenResumed() {
            QueueConsumer consumer = queue.consume(
                    ConsumerConfig.defaults().withBatchWindow(Duration.ofSeconds(5)),
                    batch -> handled.addAll(texts(batch)));
            queue.send("a");
            clock.advance(Duration.ofSeconds(4));

            consumer.pause();
            consumer.resume();
            clock.advance(Duration.ofMillis(4_999));
            assertThat(handled).isEmpty();
            clock.advance(Duration.ofMillis(1));

            awaitBatches(consumer, 1);
            assertThat(handled).containsExactly("a");
        }
    }

    @Nested
    class WhenDrained {
        @Test
        void shouldSayWhetherAllHandlersFinished() {
            QueueConsumer consumer = queue.consume(ONE_BY_ONE, blocking);
            queue.send("a");
            await(blocking.running);
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(0, 0, 0, 1));

            assertThat(consumer.drain(Duration.ofMillis(1))).isFalse();
            blocking.released.countDown();

            assertThat(consumer.drain(LONG)).isTrue();
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(1, 1, 0, 0));
        }

        @Test
        void shouldGiveBackWhatWasNotHandled() {
            QueueConsumer consumer =
                    queue.consume(ConsumerConfig.defaults().withBatchWindow(Duration.ofSeconds(5)), blocking);
            queue.send("a");

            assertThat(consumer.drain(Duration.ZERO)).isTrue();

            assertThat(receive(queue)).containsExactly("a");
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(0, 0, 0, 0));
        }

        @Test
        void shouldGoOnWhenResumed() {
            QueueConsumer consumer = queue.consume(batch -> handled.addAll(texts(batch)));

            assertThat(consumer.drain(LONG)).isTrue();
            consumer.resume();
            queue.send("a");

            awaitBatches(consumer, 1);
        }

        @Test
        void shouldEndTheWaitWhenInterrupted() {
            QueueConsumer consumer = queue.consume(ONE_BY_ONE, blocking);
            queue.send("a");
            await(blocking.running);

            Thread.currentThread().interrupt();
            boolean drained = consumer.drain(LONG);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(drained).isFalse();
        }

        @Test
        void shouldNotWaitForTheHandlerThatCalls() {
            List<Boolean> drained = new CopyOnWriteArrayList<>();
            QueueConsumer consumer = consumeInside(1, self -> drained.add(self.drain(LONG)));

            queue.send("a");

            awaitBatches(consumer, 1);
            assertThat(drained).containsExactly(true);
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(1, 1, 0, 0));
        }

        @Test
        void shouldNotLetHandlersThatDrainWaitForEachOther() {
            CyclicBarrier both = new CyclicBarrier(2);
            List<Boolean> drained = new CopyOnWriteArrayList<>();
            QueueConsumer consumer = consumeInside(2, self -> {
                both.await(20, TimeUnit.SECONDS);
                drained.add(self.drain(Duration.ofHours(1)));
            });

            queue.send("a");
            queue.send("b");

            awaitBatches(consumer, 2);
            assertThat(drained).containsExactly(true, true);
        }

        @Test
        void shouldRefuseATimeoutOutOfRange() {
            QueueConsumer consumer = queue.consume(blocking);

            assertThatIllegalArgumentException().isThrownBy(() -> consumer.drain(Duration.ofSeconds(-1)));
            assertThatIllegalArgumentException().isThrownBy(() -> consumer.drain(Duration.ofHours(2)));
            assertThat(consumer.isRunning()).isTrue();
        }
    }

    @Nested
    class WhenClosed {
        @Test
        void shouldWaitForHandlersAndEnd() {
            QueueConsumer consumer = queue.consume(ONE_BY_ONE, blocking);
            queue.send("a");
            await(blocking.running);
            blocking.released.countDown();

            consumer.close();

            assertThat(handled).containsExactly("a");
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(1, 1, 0, 0));
            assertThat(ListenerFixture.listenerThreads()).isEmpty();
            assertClosed(consumer);
        }

        @Test
        void shouldInterruptHandlersThatRunOn() {
            QueueConsumer consumer = queue.consume(
                    ONE_BY_ONE.withDrainTimeout(Duration.ofMillis(1)).withBackoff(Backoff.fixed(Duration.ZERO)),
                    blocking);
            queue.send("a");
            await(blocking.running);

            consumer.close();

            awaitEnd(consumer);
            assertThat(blocking.interrupted).containsExactly("a");
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(1, 0, 1, 0));
            clock.advance(VISIBILITY.minusMillis(1));
            assertThat(receive(queue)).isEmpty();
            clock.advance(Duration.ofMillis(1));
            assertThat(receive(queue)).containsExactly("a");
        }

        @Test
        void shouldEndWhenClosedByItsHandler() {
            QueueConsumer consumer = consumeInside(1, QueueConsumer::close);

            queue.send("a");

            awaitEnd(consumer);
            awaitHandled("a");
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(1, 1, 0, 0));
            clock.advance(VISIBILITY);
            assertThat(receive(queue)).isEmpty();
        }

        @Test
        void shouldEndWhenClosedByTwoHandlersAtOnce() {
            CyclicBarrier both = new CyclicBarrier(2);
            QueueConsumer consumer = consumeInside(2, self -> {
                both.await(20, TimeUnit.SECONDS);
                self.close();
            });

            queue.send("a");
            queue.send("b");

            awaitEnd(consumer);
            awaitHandled("a", "b");
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(2, 2, 0, 0));
        }

        @Test
        void shouldEndWhenItsHandlerClosesTheEngine() {
            QueueConsumer consumer = consumeInside(2, self -> fixture.closeEngine());

            queue.send("a");

            awaitEnd(consumer);
            awaitHandled("a");
            assertThat(fixture.core.offHeapBytes()).isZero();
        }

        @Test
        void shouldEndWhenItsHandlerDeletesTheQueue() {
            QueueConsumer consumer = consumeInside(2, self -> fixture.queues.delete("orders"));

            queue.send("a");

            awaitEnd(consumer);
            awaitHandled("a");
        }

        @Test
        void shouldNotReceiveAgain() {
            QueueConsumer consumer = queue.consume(batch -> handled.addAll(texts(batch)));

            consumer.close();
            queue.send("a");

            assertThat(receive(queue)).containsExactly("a");
            assertThat(queue.admin().stats().waitingReceivers()).isZero();
        }
    }

    @Nested
    class WhenTheQueueIsDeleted {
        @Test
        void shouldClose() {
            QueueConsumer idle = queue.consume(batch -> handled.addAll(texts(batch)));
            QueueConsumer paused = queue.consume(batch -> handled.addAll(texts(batch)));
            QueueConsumer collecting =
                    queue.consume(ConsumerConfig.defaults().withBatchWindow(Duration.ofSeconds(5)), blocking);
            paused.pause();
            idle.pause();
            queue.send("a");
            idle.resume();

            fixture.queues.delete("orders");

            assertThat(ListenerFixture.listenerThreads()).isEmpty();
            assertClosed(idle);
            assertClosed(paused);
            assertClosed(collecting);
        }

        @Test
        void shouldLetARunningHandlerFinish() {
            QueueConsumer consumer = queue.consume(ONE_BY_ONE, blocking);
            queue.send("a");
            await(blocking.running);

            fixture.queues.delete("orders");
            assertClosed(consumer);
            blocking.released.countDown();

            awaitEnd(consumer);
            assertThat(handled).containsExactly("a");
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(1, 0, 1, 0));
        }

        @Test
        void shouldRefuseAnotherListener() {
            fixture.queues.delete("orders");

            assertThatExceptionOfType(EngineClosedException.class).isThrownBy(() -> queue.consume(blocking));
            assertThat(ListenerFixture.listenerThreads()).isEmpty();
        }
    }

    @Nested
    class WhenTheEngineIsClosed {
        @Test
        void shouldCloseAllListeners() {
            List<QueueConsumer> consumers = new ArrayList<>();
            for (String name : List.of("orders", "bills")) {
                consumers.add(fixture.queue(name, c -> c)
                        .consume(ConsumerConfig.defaults().withConcurrency(3), blocking));
            }
            consumers.get(1).pause();

            fixture.closeEngine();

            assertThat(ListenerFixture.listenerThreads()).isEmpty();
            assertThat(consumers).noneMatch(QueueConsumer::isRunning);
        }

        @Test
        void shouldLetARunningHandlerFinish() {
            QueueConsumer consumer = queue.consume(ONE_BY_ONE, blocking);
            queue.send("a");
            await(blocking.running);

            fixture.closeEngine();
            assertThat(fixture.core.offHeapBytes()).isZero();
            blocking.released.countDown();

            awaitEnd(consumer);
            assertThat(handled).containsExactly("a");
            assertThat(blocking.interrupted).isEmpty();
        }
    }
}
