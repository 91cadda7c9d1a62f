package io.millrace.queue.listener;

import static io.millrace.queue.listener.ListenerFixture.await;
import static io.millrace.queue.listener.ListenerFixture.awaitBatches;
import static io.millrace.queue.listener.ListenerFixture.receive;
import static io.millrace.queue.listener.ListenerFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.millrace.api.queue.Backoff;
import io.millrace.api.queue.ConsumerConfig;
import io.millrace.api.queue.ConsumerStats;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageBatch;
import io.millrace.api.queue.MessageHandler;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConsumer;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.queue.listener.ListenerFixture.Refused;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a listener does with messages and batches, in virtual time: a test moves the clock only while the listener rests. */
@Timeout(60)
class BatchConsumerTest {
    private static final Duration VISIBILITY = Duration.ofSeconds(30);

    private final StepClock clock = new StepClock();
    private final ListenerFixture fixture = new ListenerFixture(clock);
    private final MessageQueue dead = fixture.queue("dead", c -> c);
    private final MessageQueue queue = fixture.queue("orders", c -> c.withVisibilityTimeout(VISIBILITY));
    private final List<List<String>> batches = new CopyOnWriteArrayList<>();
    private final List<Integer> receiveCounts = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    private MessageHandler recording(MessageHandler next) {
        return batch -> {
            batches.add(texts(batch));
            batch.forEach(delivery -> receiveCounts.add(delivery.receiveCount()));
            next.onBatch(batch);
        };
    }

    private QueueConsumer consume(ConsumerConfig config, MessageHandler handler) {
        return queue.consume(config, recording(handler));
    }

    private void send(String... texts) {
        for (String text : texts) {
            queue.send(text);
        }
    }

    private void assertGone() {
        clock.advance(Duration.ofHours(1));
        assertThat(queue.admin().stats().visible()).isZero();
        assertThat(queue.admin().stats().inFlight()).isZero();
    }

    private static void failThoseCalled(String text, MessageBatch batch) {
        for (Delivery delivery : batch) {
            if (delivery.text().equals(text)) {
                batch.fail(delivery);
            }
        }
    }

    @Nested
    class WhenTheHandlerReturns {
        @Test
        void shouldAcknowledgeTheWholeBatch() {
            send("a", "b", "c");

            QueueConsumer consumer = consume(ConsumerConfig.defaults(), batch -> {});

            awaitBatches(consumer, 1);
            assertThat(batches).containsExactly(List.of("a", "b", "c"));
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(1, 3, 0, 0));
            assertGone();
        }

        @Test
        void shouldHandOverAtMostTheBatchSize() {
            send("a", "b", "c", "d", "e");

            QueueConsumer consumer = consume(ConsumerConfig.defaults().withBatchSize(2), batch -> {});

            awaitBatches(consumer, 3);
            assertThat(batches).containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"));
        }

        @Test
        void shouldTakeMessagesThatAreSentLater() {
            QueueConsumer consumer = queue.consume(recording(batch -> {}));

            send("a");
            awaitBatches(consumer, 1);
            send("b");
            awaitBatches(consumer, 2);

            assertThat(batches).containsExactly(List.of("a"), List.of("b"));
        }

        @Test
        void shouldBringBackOnlyTheMarkedMessages() {
            send("a", "b", "c");
            QueueConsumer consumer = consume(ConsumerConfig.defaults(), batch -> failThoseCalled("b", batch));
            awaitBatches(consumer, 1);
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(1, 2, 1, 0));

            clock.advance(VISIBILITY.minusMillis(1));
            assertThat(batches).hasSize(1);
            clock.advance(Duration.ofMillis(1));
            awaitBatches(consumer, 2);

            assertThat(batches.get(1)).containsExactly("b");
            assertThat(receiveCounts).containsExactly(1, 1, 1, 2);
        }

        @Test
        void shouldLetStandWhatTheHandlerEndedItself() {
            queue.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 10)));
            send("acked", "retried", "dead", "open");

            QueueConsumer consumer = consume(ConsumerConfig.defaults(), batch -> {
                for (Delivery delivery : batch) {
                    switch (delivery.text()) {
                        case "acked" -> assertThat(delivery.ack()).isTrue();
                        case "retried" -> {
                            assertThat(delivery.retryAfter(Duration.ofSeconds(7)))
                                    .isTrue();
                            batch.fail(delivery);
                        }
                        case "dead" -> assertThat(delivery.deadLetter("broken")).isTrue();
                        default -> {}
                    }
                }
            });

            awaitBatches(consumer, 1);
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(1, 2, 2, 0));
            assertThat(receive(dead)).containsExactly("dead");
            consumer.close();
            clock.advance(Duration.ofMillis(6_999));
            assertThat(receive(queue)).isEmpty();
            clock.advance(Duration.ofMillis(1));
            assertThat(receive(queue)).containsExactly("retried");
        }

        @Test
        void shouldRefuseToMarkAfterwards() {
            List<MessageBatch> kept = new CopyOnWriteArrayList<>();
            send("a");
            QueueConsumer consumer = consume(ConsumerConfig.defaults(), kept::add);
            awaitBatches(consumer, 1);

            MessageBatch batch = kept.get(0);

            assertThat(batch.iterator().next().text()).isEqualTo("a");
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> batch.fail(batch.iterator().next()))
                    .withMessageContaining("orders");
        }
    }

    @Nested
    class WhenTheHandlerThrows {
        @Test
        void shouldFailTheWholeBatch() {
            send("a", "b");
            QueueConsumer consumer = consume(ConsumerConfig.defaults(), batch -> {
                throw new Refused();
            });
            awaitBatches(consumer, 1);
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(1, 0, 2, 0));

            clock.advance(VISIBILITY);
            awaitBatches(consumer, 2);

            assertThat(batches).containsExactly(List.of("a", "b"), List.of("a", "b"));
        }

        @Test
        void shouldKeepWhatTheHandlerAcknowledgedBefore() {
            send("a", "b");
            QueueConsumer consumer = consume(ConsumerConfig.defaults(), batch -> {
                batch.iterator().next().ack();
                throw new Refused();
            });
            awaitBatches(consumer, 1);
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(1, 1, 1, 0));

            clock.advance(VISIBILITY);
            awaitBatches(consumer, 2);

            assertThat(batches.get(1)).containsExactly("b");
        }

        @Test
        void shouldGoOnAfterAnError() {
            send("a");
            QueueConsumer consumer = consume(ConsumerConfig.defaults(), batch -> {
                if (batches.size() == 1) {
                    throw new AssertionError("on purpose");
                }
            });
            awaitBatches(consumer, 1);

            clock.advance(VISIBILITY);
            awaitBatches(consumer, 2);

            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(2, 1, 1, 0));
            assertGone();
        }

        @Test
        void shouldGoOnAfterAnInterrupt() {
            List<Boolean> interrupted = new CopyOnWriteArrayList<>();
            send("a");
            QueueConsumer consumer = consume(ConsumerConfig.defaults(), batch -> {
                interrupted.add(Thread.currentThread().isInterrupted());
                Thread.currentThread().interrupt();
                if (batches.size() == 1) {
                    throw new InterruptedException("on purpose");
                }
            });
            awaitBatches(consumer, 1);

            clock.advance(VISIBILITY);
            awaitBatches(consumer, 2);

            assertThat(interrupted).containsExactly(false, false);
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(2, 1, 1, 0));
        }

        @Test
        void shouldFailTheBatchThatMarksAStranger() {
            MessageQueue other = fixture.queue("other", c -> c);
            other.send("stranger");
            Delivery stranger = other.receive(1).get(0);
            send("a");

            QueueConsumer consumer = consume(ConsumerConfig.defaults(), batch -> {
                assertThatExceptionOfType(IllegalArgumentException.class)
                        .isThrownBy(() -> batch.fail(stranger, new Refused()))
                        .withMessageContaining("delivery must be of this batch");
                assertThatNullPointerException().isThrownBy(() -> failNull(batch));
                throw new Refused();
            });

            awaitBatches(consumer, 1);
            assertThat(consumer.stats().failed()).isEqualTo(1);
        }

        @SuppressWarnings("NullAway") // on purpose
        private void failNull(MessageBatch batch) {
            batch.fail(null);
        }
    }

    @Nested
    class WithABackoff {
        private final List<Duration> handledAt = new CopyOnWriteArrayList<>();

        private QueueConsumer failing(Backoff backoff) {
            return consume(ConsumerConfig.defaults().withBackoff(backoff), batch -> {
                handledAt.add(clock.elapsed());
                throw new Refused();
            });
        }

        @Test
        void shouldHideFailedMessagesForLongerEachTime() {
            send("a");
            QueueConsumer consumer = failing(Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(3)));

            awaitBatches(consumer, 1);
            clock.advance(Duration.ofSeconds(1));
            awaitBatches(consumer, 2);
            clock.advance(Duration.ofSeconds(2));
            awaitBatches(consumer, 3);
            clock.advance(Duration.ofMillis(2_999));
            assertThat(batches).hasSize(3);
            clock.advance(Duration.ofMillis(1));
            awaitBatches(consumer, 4);

            assertThat(handledAt)
                    .containsExactly(
                            Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(6));
            assertThat(receiveCounts).containsExactly(1, 2, 3, 4);
        }

        @Test
        void shouldBackOffMarkedMessagesOnly() {
            send("a", "b");
            QueueConsumer consumer = consume(
                    ConsumerConfig.defaults().withBackoff(Backoff.fixed(Duration.ofSeconds(5))),
                    batch -> failThoseCalled("a", batch));
            awaitBatches(consumer, 1);

            clock.advance(Duration.ofSeconds(5));
            awaitBatches(consumer, 2);

            assertThat(batches).containsExactly(List.of("a", "b"), List.of("a"));
        }

        @Test
        void shouldNotHideBeyondTheCapOfTheQueue() {
            queue.admin().update(c -> c.withVisibilityCap(Duration.ofSeconds(40)));
            send("a");
            QueueConsumer consumer = failing(Backoff.fixed(Duration.ofHours(1)));
            awaitBatches(consumer, 1);

            clock.advance(Duration.ofMillis(39_999));
            assertThat(batches).hasSize(1);
            clock.advance(Duration.ofMillis(1));

            awaitBatches(consumer, 2);
        }

        @Test
        void shouldDeadLetterAfterTheLastReceive() {
            queue.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 2)));
            send("poison");

            QueueConsumer consumer = failing(Backoff.fixed(Duration.ZERO));

            await(() -> dead.admin().stats().visible() == 1, () -> dead.admin().stats());
            awaitBatches(consumer, 2);
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(2, 0, 2, 0));
            Delivery delivery = dead.receive(1).get(0);
            assertThat(delivery.text()).isEqualTo("poison");
            assertThat(delivery.deadLetterSource()).contains("orders");
            assertThat(queue.admin().stats().deadLettered()).isEqualTo(1);
        }
    }

    @Nested
    class WithAWindow {
        private static final Duration WINDOW = Duration.ofSeconds(5);

        private final ConsumerConfig config =
                ConsumerConfig.defaults().withBatchSize(3).withBatchWindow(WINDOW);

        @Test
        void shouldCollectUntilTheWindowIsOver() {
            QueueConsumer consumer = consume(config, batch -> {});
            clock.advance(Duration.ofSeconds(100));

            send("a");
            clock.advance(WINDOW.minusMillis(1));
            send("b");
            assertThat(consumer.stats().inHandler()).isZero();
            assertThat(batches).isEmpty();
            clock.advance(Duration.ofMillis(1));

            awaitBatches(consumer, 1);
            assertThat(batches).containsExactly(List.of("a", "b"));
            assertGone();
        }

        @Test
        void shouldCloseAFullBatchBeforeThat() {
            QueueConsumer consumer = consume(config, batch -> {});

            send("a", "b");
            assertThat(batches).isEmpty();
            send("c");

            awaitBatches(consumer, 1);
            assertThat(batches).containsExactly(List.of("a", "b", "c"));
        }

        @Test
        void shouldBeginTheNextWindowWithItsOwnFirstMessage() {
            QueueConsumer consumer = consume(config, batch -> {});
            send("a", "b", "c");
            awaitBatches(consumer, 1);
            clock.advance(Duration.ofSeconds(4));

            send("d");
            clock.advance(Duration.ofMillis(4_999));
            assertThat(batches).hasSize(1);
            clock.advance(Duration.ofMillis(1));

            awaitBatches(consumer, 2);
            assertThat(batches.get(1)).containsExactly("d");
        }

        @Test
        void shouldNeverHandOverAnEmptyBatch() {
            QueueConsumer consumer = consume(config, batch -> {});

            clock.advance(Duration.ofDays(1));

            assertThat(consumer.drain(Duration.ZERO)).isTrue();
            assertThat(batches).isEmpty();
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(0, 0, 0, 0));
        }

        @Test
        void shouldFillOneBatchThoughManyHandlersAreFree() {
            QueueConsumer consumer = consume(config.withConcurrency(4), batch -> {});

            send("a", "b", "c", "d");
            awaitBatches(consumer, 1);
            clock.advance(WINDOW);

            awaitBatches(consumer, 2);
            assertThat(batches).containsExactly(List.of("a", "b", "c"), List.of("d"));
        }

        @Test
        void shouldHideMessagesForLongerThanTheWindow() {
            QueueConsumer consumer = consume(config.withBatchWindow(Duration.ofSeconds(45)), batch -> {});
            send("a");

            clock.advance(Duration.ofSeconds(45));

            awaitBatches(consumer, 1);
            assertThat(receiveCounts).containsExactly(1);
        }

        @Test
        void shouldBeginTheVisibilityTimeoutAnewWhenHandedOver() {
            CountDownLatch handling = new CountDownLatch(1);
            CountDownLatch released = new CountDownLatch(1);
            QueueConsumer consumer = consume(config, batch -> {
                handling.countDown();
                await(released);
            });
            send("a");
            clock.advance(Duration.ofSeconds(2));
            send("b");
            clock.advance(Duration.ofSeconds(3));
            await(handling);

            clock.advance(VISIBILITY.minusMillis(1));
            assertThat(receive(queue)).isEmpty();
            clock.advance(Duration.ofMillis(1));
            assertThat(receive(queue)).containsExactly("a", "b");

            released.countDown();
            awaitBatches(consumer, 1);
        }

        @Test
        void shouldLeaveOutWhatEndedWhileItWasCollected() {
            QueueConsumer consumer = consume(config, batch -> {});
            send("a");
            queue.admin().purge();
            send("b");

            clock.advance(WINDOW);

            awaitBatches(consumer, 1);
            assertThat(batches).containsExactly(List.of("b"));
        }

        @Test
        void shouldNotCallTheHandlerIfNothingIsLeft() {
            QueueConsumer consumer = consume(config, batch -> {});
            send("a");
            queue.admin().purge();

            clock.advance(WINDOW);

            assertThat(consumer.drain(Duration.ofSeconds(20))).isTrue();
            assertThat(batches).isEmpty();
            assertThat(consumer.stats()).isEqualTo(new ConsumerStats(0, 0, 0, 0));
        }
    }

    @Nested
    class WithBadArguments {
        @Test
        @SuppressWarnings("NullAway") // on purpose
        void shouldRefuseNull() {
            assertThatNullPointerException()
                    .isThrownBy(() -> queue.consume(null, batch -> {}))
                    .withMessage("config must not be null");
            assertThatNullPointerException()
                    .isThrownBy(() -> queue.consume(ConsumerConfig.defaults(), null))
                    .withMessage("handler must not be null");
            assertThat(ListenerFixture.listenerThreads()).isEmpty();
        }
    }
}
