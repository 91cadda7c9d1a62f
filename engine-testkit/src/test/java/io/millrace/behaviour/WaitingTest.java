package io.millrace.behaviour;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Engine;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Receives that wait: who gets what, what wakes them, and what becomes of those that go away. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class WaitingTest {
    private static final Duration WAIT = ofMinutes(10);
    private static final int MANY = 10_000;

    private final TestEngine engine = TestEngine.inMemory();
    private final MessageQueue queue = engine.queue("orders");

    @AfterEach
    void close() {
        engine.close();
    }

    private CompletableFuture<List<Delivery>> park(int max) {
        return queue.receiveAsync(ReceiveOptions.upTo(max).withWait(WAIT));
    }

    private CompletableFuture<List<Delivery>> park(Duration wait) {
        return queue.receiveAsync(ReceiveOptions.upTo(1).withWait(wait));
    }

    private int waiting() {
        return queue.admin().stats().waitingReceivers();
    }

    private static List<String> texts(CompletableFuture<List<Delivery>> future) {
        assertThat(future).isCompleted();
        return future.join().stream().map(Delivery::text).toList();
    }

    @Nested
    class Order {
        @Test
        void shouldServeFirstWhoCameFirst() {
            List<CompletableFuture<List<Delivery>>> futures =
                    IntStream.range(0, 5).mapToObj(i -> park(1)).toList();

            for (int i = 0; i < 5; i++) {
                queue.send("m" + i);
                assertThat(texts(futures.get(i))).containsExactly("m" + i);
                assertThat(waiting()).isEqualTo(4 - i);
            }
        }

        @Test
        void shouldGiveOneMessageToOneWaiterHoweverManyItAskedFor() {
            CompletableFuture<List<Delivery>> first = park(10);
            CompletableFuture<List<Delivery>> second = park(10);

            queue.send("one");

            assertThat(texts(first)).containsExactly("one");
            assertThat(second).isNotDone();
        }

        @Test
        void shouldGiveWhatIsLeftToTheNext() {
            for (int i = 0; i < 5; i++) {
                queue.send(Message.text("m" + i).withDelay(ofSeconds(1)));
            }
            CompletableFuture<List<Delivery>> first = park(2);
            CompletableFuture<List<Delivery>> second = park(10);
            CompletableFuture<List<Delivery>> third = park(10);

            engine.clock().advance(ofSeconds(1));

            assertThat(texts(first)).containsExactly("m0", "m1");
            assertThat(texts(second)).containsExactly("m2", "m3", "m4");
            assertThat(third).isNotDone();
        }

        @Test
        void shouldNotWaitWhereAMessageIs() {
            queue.send("one");

            assertThat(texts(park(10))).containsExactly("one");
            assertThat(waiting()).isZero();
        }

        @Test
        void shouldLetThreadsAndFuturesWaitInOneLine() throws Exception {
            CompletableFuture<List<Delivery>> first = park(1);
            Background<List<Delivery>> second = Background.run(() -> queue.receive(1, WAIT));
            Background.await("both wait", () -> waiting() == 2);
            CompletableFuture<List<Delivery>> third = park(1);

            queue.send("1");
            queue.send("2");
            queue.send("3");

            assertThat(texts(first)).containsExactly("1");
            assertThat(second.result()).extracting(Delivery::text).containsExactly("2");
            assertThat(texts(third)).containsExactly("3");
        }

        @Test
        void shouldUseTheReceiveWaitOfTheQueueWhereOptionsSayNothing() {
            queue.admin().update(c -> c.withReceiveWait(ofSeconds(5)));
            CompletableFuture<List<Delivery>> future = queue.receiveAsync(ReceiveOptions.upTo(1));

            assertThat(future).isNotDone();
            assertThat(queue.receive(1)).as("receive(max) never waits").isEmpty();
            assertThat(queue.receiveAsync(ReceiveOptions.upTo(1).withWait(ZERO)))
                    .isCompletedWithValue(List.of());
            engine.clock().advance(ofSeconds(5));
            assertThat(texts(future)).isEmpty();
        }
    }

    @Nested
    class WokenBy {
        private void sendOne() {
            queue.send("one");
        }

        @Test
        void shouldBeWokenByTheEndOfADelay() {
            queue.send(Message.text("one").withDelay(ofSeconds(5)));
            CompletableFuture<List<Delivery>> future = park(1);

            engine.clock().advance(ofSeconds(5).minusMillis(1));
            assertThat(future).isNotDone();
            engine.clock().advance(Duration.ofMillis(1));
            assertThat(texts(future)).containsExactly("one");
        }

        @Test
        void shouldBeWokenByTheEndOfAVisibilityTimeout() {
            sendOne();
            assertThat(queue.receive(1)).hasSize(1);
            CompletableFuture<List<Delivery>> future = park(1);

            engine.clock().advance(ofSeconds(30));

            assertThat(future.join()).extracting(Delivery::receiveCount).containsExactly(2);
        }

        @Test
        void shouldBeWokenByAMessageThatIsGivenBack() {
            sendOne();
            Delivery delivery = queue.receive(1).get(0);
            CompletableFuture<List<Delivery>> future = park(1);

            delivery.retryAfter(ZERO);

            assertThat(texts(future)).containsExactly("one");
        }

        @Test
        void shouldBeWokenByAPollThatGivesBack() {
            sendOne();
            RawReceiver receiver = queue.raw().receiver();
            List<CompletableFuture<List<Delivery>>> futures = new ArrayList<>();
            receiver.poll(
                    (delivery, payload, offset, length, last) -> {
                        futures.add(park(1));
                        return Disposition.STOP;
                    },
                    1);
            receiver.close();

            assertThat(futures.get(0).join()).extracting(Delivery::receiveCount).containsExactly(1);
        }

        @Test
        void shouldBeWokenInADeadLetterQueue() {
            engine.queue("source", c -> c.withRedrive(new RedrivePolicy("orders", 3)));
            MessageQueue source = engine.queue("source");
            source.send("one");
            CompletableFuture<List<Delivery>> future = park(1);

            source.receive(1).get(0).deadLetter("reason");

            assertThat(texts(future)).containsExactly("one");
        }

        @Test
        void shouldBeWokenByARedrive() {
            engine.queue("dead");
            queue.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 3)));
            engine.queue("dead").send("one");
            CompletableFuture<List<Delivery>> future = park(1);

            engine.queue("dead").admin().redrive(RedriveRequest.to("orders"));
            engine.clock().advance(ZERO);

            assertThat(texts(future)).containsExactly("one");
        }

        @Test
        void shouldMoveAnExhaustedMessageWhoseTimeoutEndsWhileItWaits() {
            engine.queue("dead");
            queue.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 1)));
            queue.send("one");
            assertThat(queue.receive(1)).hasSize(1);
            CompletableFuture<List<Delivery>> future = park(1);

            engine.clock().advance(ofSeconds(30));

            assertThat(future).isNotDone();
            assertThat(engine.queue("dead").receive(1)).hasSize(1);
        }
    }

    /** One message is visible, but as many are in flight as may be. */
    @Nested
    class WokenByRoomInFlight {
        private Delivery inFlight;
        private CompletableFuture<List<Delivery>> future;

        private void parkAtTheLimit() {
            engine.queue("dead");
            queue.admin().update(c -> c.withMaxInFlight(1).withRedrive(new RedrivePolicy("dead", 9)));
            queue.send("first");
            queue.send("second");
            inFlight = queue.receive(1).get(0);
            future = park(1);
            assertThat(future).isNotDone();
        }

        @Test
        void shouldBeWokenByAnAck() {
            parkAtTheLimit();
            inFlight.ack();
            assertThat(texts(future)).containsExactly("second");
        }

        @Test
        void shouldBeWokenByABatchOfAcks() {
            parkAtTheLimit();
            assertThat(queue.ackAll(List.of(inFlight.receipt()))).containsExactly(true);
            assertThat(texts(future)).containsExactly("second");
        }

        @Test
        void shouldBeWokenByADeadLetter() {
            parkAtTheLimit();
            inFlight.deadLetter("reason");
            assertThat(texts(future)).containsExactly("second");
        }

        @Test
        void shouldBeWokenByTheEndOfTheOtherFlight() {
            parkAtTheLimit();
            engine.clock().advance(ofSeconds(30));
            assertThat(texts(future)).containsExactly("first");
        }

        @Test
        void shouldBeWokenByTheExpiryOfTheOtherMessage() {
            queue.admin().update(c -> c.withRetention(ofSeconds(20)));
            queue.send(Message.text("old"));
            queue.admin().update(c -> c.withMaxInFlight(1));
            assertThat(queue.receive(1)).hasSize(1);
            engine.clock().advance(ofSeconds(10));
            queue.send("young");
            future = park(1);

            engine.clock().advance(ofSeconds(10));

            assertThat(texts(future)).containsExactly("young");
        }

        @Test
        void shouldBeWokenByAHigherLimit() {
            parkAtTheLimit();
            queue.admin().update(c -> c.withMaxInFlight(2));
            assertThat(texts(future)).containsExactly("second");
        }

        @Test
        void shouldBeWokenByAnAckOfTheRawTier() {
            queue.admin().update(c -> c.withMaxInFlight(1));
            queue.send("first");
            queue.send("second");
            RawReceiver receiver = queue.raw().receiver();
            long[] held = new long[1];
            receiver.poll(
                    (delivery, payload, offset, length, last) -> {
                        held[0] = delivery.deliveryNumber();
                        return Disposition.HOLD;
                    },
                    1);
            future = park(1);
            assertThat(future).isNotDone();

            receiver.ack(held[0]);
            receiver.close();

            assertThat(texts(future)).containsExactly("second");
        }
    }

    @Nested
    class GoingAway {
        @Test
        void shouldGetNothingWhenTheWaitIsOverAndNotEarlier() {
            CompletableFuture<List<Delivery>> future = park(ofSeconds(5));

            engine.clock().advance(ofSeconds(5).minusMillis(1));
            assertThat(future).isNotDone();
            engine.clock().advance(Duration.ofMillis(1));

            assertThat(future).isCompletedWithValue(List.of());
            assertThat(waiting()).isZero();
        }

        @Test
        void shouldGetAMessageThatBecomesVisibleAtTheVeryEnd() {
            queue.send(Message.text("one").withDelay(ofSeconds(5)));
            CompletableFuture<List<Delivery>> future = park(ofSeconds(5));

            engine.clock().advance(ofSeconds(5));

            assertThat(texts(future)).containsExactly("one");
        }

        @Test
        void shouldLeaveALaterMessageToOthersAfterTheWaitWasOver() {
            CompletableFuture<List<Delivery>> gone = park(ofSeconds(5));
            CompletableFuture<List<Delivery>> there = park(ofSeconds(50));
            engine.clock().advance(ofSeconds(5));

            queue.send("one");

            assertThat(texts(gone)).isEmpty();
            assertThat(there.join()).extracting(Delivery::receiveCount).containsExactly(1);
        }

        @Test
        void shouldLeaveTheLineWhenCancelled() {
            CompletableFuture<List<Delivery>> first = park(1);
            CompletableFuture<List<Delivery>> second = park(1);
            assertThat(first.cancel(false)).isTrue();
            assertThat(waiting()).isEqualTo(1);

            queue.send("one");

            assertThat(texts(second)).containsExactly("one");
        }

        @Test
        void shouldHideNothingWhenCancelled() {
            park(1).cancel(true);

            queue.send("one");

            assertThat(queue.receive(1)).extracting(Delivery::receiveCount).containsExactly(1);
        }

        @Test
        void shouldLeaveTheLineWhenCompletedByTheUser() {
            CompletableFuture<List<Delivery>> future = park(1);
            future.complete(List.of());

            queue.send("one");

            assertThat(queue.receive(1)).hasSize(1);
        }

        @Test
        void shouldLeaveNoTimerBehindWhenServedOrCancelled() {
            park(ofSeconds(5)).cancel(false);
            CompletableFuture<List<Delivery>> served = park(ofSeconds(5));
            queue.send("one");
            assertThat(served.join().get(0).ack()).isTrue();
            long cycles = engine.stats().conductorCycles();

            engine.clock().advance(ofSeconds(5));

            assertThat(engine.stats().conductorCycles() - cycles)
                    .as("instants that were due")
                    .isLessThan(4);
        }

        @Test
        void shouldLoseNothingThatIsSentWhileItIsCancelled() throws Exception {
            for (int round = 0; round < 500; round++) {
                CompletableFuture<List<Delivery>> future = park(1);
                Background<Object> sending = Background.run(() -> queue.send("one"));
                boolean cancelled = future.cancel(false);
                sending.result();

                if (cancelled) {
                    assertThat(queue.receive(10))
                            .extracting(Delivery::receiveCount)
                            .containsExactly(1);
                } else {
                    assertThat(future.join()).extracting(Delivery::receiveCount).containsExactly(1);
                }
                assertThat(queue.admin().purge()).isEqualTo(1);
                assertThat(waiting()).isZero();
            }
        }
    }

    @Nested
    class ActionsThatDependOnThem {
        @Test
        void shouldBeAllowedToUseTheQueue() {
            List<String> seen = Collections.synchronizedList(new ArrayList<>());
            CompletableFuture<Void> done = park(1).thenAccept(deliveries -> {
                seen.add(deliveries.get(0).text());
                assertThat(deliveries.get(0).ack()).isTrue();
                queue.send("reply");
                queue.receive(1).forEach(delivery -> seen.add(delivery.text()));
            });

            queue.send("request");

            assertThat(done).isCompleted();
            assertThat(seen).containsExactly("request", "reply");
        }

        @Test
        void shouldBeAllowedToWaitAgainTenThousandTimes() {
            AtomicInteger acked = new AtomicInteger();
            class Consumer {
                private CompletableFuture<Void> latest = new CompletableFuture<>();

                void next() {
                    latest = park(1).thenAccept(deliveries -> {
                        deliveries.forEach(Delivery::ack);
                        acked.addAndGet(deliveries.size());
                        next();
                    });
                }
            }
            Consumer consumer = new Consumer();
            consumer.next();

            for (int i = 0; i < MANY; i++) {
                queue.send("one");
            }

            assertThat(acked).hasValue(MANY);
            assertThat(consumer.latest).isNotDone();
            assertThat(waiting()).isEqualTo(1);
        }

        @Test
        void shouldHoldUpNobodyElseWhenTheyThrow() {
            CompletableFuture<Object> broken = park(1).thenApply(deliveries -> {
                throw new IllegalStateException("broken");
            });
            CompletableFuture<List<Delivery>> next = park(1);

            queue.send("1");
            queue.send("2");

            assertThat(broken).isCompletedExceptionally();
            assertThat(texts(next)).containsExactly("2");
        }
    }

    @Nested
    class TenThousand {
        private List<CompletableFuture<List<Delivery>>> parkAll() {
            int threads = Thread.activeCount();
            List<CompletableFuture<List<Delivery>>> futures =
                    IntStream.range(0, MANY).mapToObj(i -> park(1)).toList();
            assertThat(waiting()).isEqualTo(MANY);
            assertThat(Thread.activeCount()).isEqualTo(threads);
            return futures;
        }

        @Test
        void shouldEachGetTheirMessageInTurn() {
            List<CompletableFuture<List<Delivery>>> futures = parkAll();

            for (int i = 0; i < MANY; i++) {
                queue.send("m" + i);
            }

            for (int i = 0; i < MANY; i++) {
                assertThat(texts(futures.get(i))).containsExactly("m" + i);
            }
        }

        @Test
        void shouldAllEndTogetherWhenTheirWaitIsOver() {
            List<CompletableFuture<List<Delivery>>> futures = parkAll();

            engine.clock().advance(WAIT);

            assertThat(futures).allMatch(future -> future.join().isEmpty());
            assertThat(waiting()).isZero();
        }

        @Test
        void shouldAllBeCancelledInAnyOrder() {
            List<CompletableFuture<List<Delivery>>> futures = new ArrayList<>(parkAll());
            Collections.shuffle(futures, new Random(7));

            futures.forEach(future -> future.cancel(false));

            assertThat(waiting()).isZero();
            queue.send("one");
            assertThat(queue.receive(1)).hasSize(1);
        }

        @Test
        void shouldAllBeServedByOneInstant() {
            for (int i = 0; i < MANY; i++) {
                queue.send(Message.text("m" + i).withDelay(ofSeconds(1)));
            }
            List<CompletableFuture<List<Delivery>>> futures = parkAll();

            engine.clock().advance(ofSeconds(1));

            for (int i = 0; i < MANY; i++) {
                assertThat(texts(futures.get(i))).containsExactly("m" + i);
            }
        }
    }

    @Nested
    class ManyThreads {
        @Test
        void shouldReceiveEveryMessageOnce() throws Exception {
            int producers = 3;
            int each = 10_000;
            Set<String> seen = ConcurrentHashMap.newKeySet();
            AtomicInteger count = new AtomicInteger();
            try (Engine real = Engine.inMemory()) {
                MessageQueue orders = real.queue("orders");
                List<Background<Boolean>> working = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    working.add(Background.run(() -> {
                        while (count.get() < producers * each) {
                            for (Delivery delivery : orders.receive(7, Duration.ofMillis(50))) {
                                assertThat(seen.add(delivery.text())).isTrue();
                                assertThat(delivery.ack()).isTrue();
                                count.incrementAndGet();
                            }
                        }
                        return true;
                    }));
                }
                for (int p = 0; p < producers; p++) {
                    String prefix = p + "-";
                    working.add(Background.run(() -> {
                        for (int i = 0; i < each; i++) {
                            orders.send(prefix + i);
                        }
                        return true;
                    }));
                }
                for (Background<Boolean> worker : working) {
                    assertThat(worker.result()).isTrue();
                }

                assertThat(seen).hasSize(producers * each);
                assertThat(orders.admin().stats().acked()).isEqualTo(seen.size());
            }
        }

        @Test
        void shouldWakeAThreadForEveryMessageThoughItIsSentOneByOne() throws Exception {
            try (Engine real = Engine.inMemory()) {
                MessageQueue ping = real.queue("ping");
                MessageQueue pong = real.queue("pong");
                Background<Integer> echo = Background.run(() -> {
                    int echoed = 0;
                    for (int i = 0; i < 2_000; i++) {
                        List<Delivery> received = ping.receive(1, ofSeconds(10));
                        received.forEach(Delivery::ack);
                        echoed += received.size();
                        pong.send("pong");
                    }
                    return echoed;
                });
                for (int i = 0; i < 2_000; i++) {
                    ping.send("ping");
                    assertThat(pong.receive(1, ofSeconds(10))).hasSize(1).allMatch(Delivery::ack);
                }

                assertThat(echo.result()).isEqualTo(2_000);
            }
        }
    }
}
