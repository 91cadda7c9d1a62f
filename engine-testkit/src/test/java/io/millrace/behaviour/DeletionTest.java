package io.millrace.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.Engine;
import io.millrace.api.EngineClosedException;
import io.millrace.api.EngineConfig;
import io.millrace.api.Message;
import io.millrace.api.UnknownQueueException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Queues that are deleted while they are used, and others that take their name. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class DeletionTest {
    private static final ReceiveOptions WAITING = ReceiveOptions.upTo(1).withWait(ofMinutes(10));

    private final TestEngine engine = TestEngine.inMemory();
    private final MessageQueue queue = engine.queue("orders");

    @AfterEach
    void close() {
        engine.close();
    }

    private void delete() {
        engine.catalog().delete("orders");
    }

    @Nested
    class InProgress {
        @Test
        void shouldLetAClaimBeAborted() {
            RawSender sender = queue.raw().sender();
            Claim claim = sender.newClaim();
            assertThat(sender.tryClaim(8, claim)).isZero();
            delete();

            claim.abort();
            sender.close();

            assertThat(engine.stats().logLiveBytes()).isZero();
        }

        @Test
        void shouldLetAHandlerReadOnWhenItDeletesItsQueue() {
            queue.send("one");
            queue.send("two");
            RawReceiver receiver = queue.raw().receiver();
            List<String> seen = new ArrayList<>();
            receiver.poll(
                    (delivery, payload, offset, length, last) -> {
                        if (seen.isEmpty()) {
                            delete();
                            fillMemoryAnew();
                        }
                        byte[] bytes = new byte[length];
                        payload.get(offset, bytes);
                        seen.add(new String(bytes, UTF_8));
                        return Disposition.ACK;
                    },
                    10);
            receiver.close();

            assertThat(seen).containsExactly("one");
        }

        /** So that memory which was given back too early is overwritten. */
        private void fillMemoryAnew() {
            MessageQueue other = engine.queue("other");
            for (int i = 0; i < 10_000; i++) {
                other.send("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
                other.receive(1).forEach(Delivery::ack);
            }
        }

        @Test
        void shouldLetAHandlerOfAnotherThreadReadOn() throws Exception {
            queue.send("one");
            CountDownLatch inHandler = new CountDownLatch(1);
            AtomicBoolean overwritten = new AtomicBoolean();
            Background<String> polling = Background.run(() -> {
                StringBuilder seen = new StringBuilder();
                try (RawReceiver receiver = queue.raw().receiver()) {
                    receiver.poll(
                            (delivery, payload, offset, length, last) -> {
                                inHandler.countDown();
                                Background.await("memory was used again", overwritten::get);
                                for (int i = 0; i < length; i++) {
                                    seen.append((char) payload.get(offset + i));
                                }
                                return Disposition.HOLD;
                            },
                            1);
                }
                return seen.toString();
            });
            inHandler.await();
            delete();
            fillMemoryAnew();
            overwritten.set(true);

            assertThat(polling.result()).isEqualTo("one");
        }
    }

    @Nested
    class Recreated {
        @Test
        void shouldBeEmptyAndConfiguredAnew() {
            queue.admin().tag(Map.of("a", "b"));
            queue.admin().update(c -> c.withDelay(ofSeconds(1)));
            queue.send("old");
            delete();

            MessageQueue recreated = engine.queue("orders");

            assertThat(recreated.admin().peek(1)).isEmpty();
            assertThat(recreated.admin().config().delay()).isZero();
            assertThat(recreated.admin().tags()).isEmpty();
            assertThat(recreated.admin().stats().sent()).isZero();
        }

        @Test
        void shouldNotServeThoseWhoWaitedAtTheOldQueue() {
            CompletableFuture<List<Delivery>> stale = queue.receiveAsync(WAITING);
            delete();
            MessageQueue recreated = engine.queue("orders");
            recreated.send("new");

            assertThat(stale).isCompletedExceptionally();
            assertThat(recreated.receive(1)).hasSize(1);
        }

        @Test
        void shouldNotBeReachedByDeliveriesOfTheOldQueue() {
            queue.send("old");
            Delivery old = queue.receive(1).get(0);
            delete();
            MessageQueue recreated = engine.queue("orders");
            recreated.send("new");
            Delivery young = recreated.receive(1).get(0);

            assertThatExceptionOfType(EngineClosedException.class).isThrownBy(old::ack);
            assertThat(young.ack()).isTrue();
        }

        @Test
        void shouldNotBeReachedByDeadlinesOfTheOldQueue() {
            queue.send("old");
            assertThat(queue.receive(1)).hasSize(1);
            queue.send(Message.text("old delayed").withDelay(ofSeconds(20)));
            delete();
            MessageQueue recreated = engine.queue("orders");
            recreated.send("new");
            assertThat(recreated.receive(ReceiveOptions.upTo(1).withVisibilityTimeout(ofMinutes(10))))
                    .hasSize(1);

            engine.clock().advance(ofMinutes(5));

            assertThat(recreated.receive(10)).isEmpty();
            assertThat(recreated.admin().stats().inFlight()).isEqualTo(1);
        }

        @Test
        void shouldGiveMemoryBackEachTime() {
            try (Engine small = Engine.inMemory(EngineConfig.defaults().withOffHeapLimit(4 << 20))) {
                for (int round = 0; round < 200; round++) {
                    MessageQueue orders = small.queue("orders");
                    for (int i = 0; i < 500; i++) {
                        orders.send(Message.bytes(new byte[1_000]));
                    }
                    orders.receive(100);
                    small.catalog().delete("orders");
                }
                assertThat(small.stats().blocksInUse()).isZero();
                assertThat(small.stats().logLiveBytes()).isZero();
            }
        }
    }

    @Nested
    class ByOthersAtTheSameTime {
        @Test
        void shouldBeDeletedOnce() throws Exception {
            for (int round = 0; round < 100; round++) {
                MessageQueue orders = engine.queue("o" + round);
                orders.send("one");
                String name = orders.name();
                List<Background<Throwable>> deleting = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    deleting.add(Background.run(
                            () -> catchThrowable(() -> engine.catalog().delete(name))));
                }
                List<Throwable> thrown = new ArrayList<>();
                for (Background<Throwable> each : deleting) {
                    thrown.add(each.result());
                }

                assertThat(thrown).filteredOn(e -> e == null).hasSize(1);
                assertThat(thrown).filteredOn(e -> e != null).hasOnlyElementsOfType(UnknownQueueException.class);
            }
        }

        @Test
        void shouldBeUsedOnlyAsWholeQueues() throws Exception {
            try (Engine real = Engine.inMemory()) {
                AtomicBoolean stop = new AtomicBoolean();
                AtomicLong received = new AtomicLong();
                List<Background<Long>> working = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    long worker = i;
                    working.add(Background.run(() -> useUntil(real, stop, worker, received)));
                }
                int deleted = 0;
                while (deleted < 300) {
                    long before = received.get();
                    Background.await("messages pass", () -> received.get() > before);
                    Throwable thrown = catchThrowable(() -> real.catalog().delete("orders"));
                    assertThat(thrown == null || thrown instanceof UnknownQueueException)
                            .isTrue();
                    deleted += thrown == null ? 1 : 0;
                }
                stop.set(true);
                for (Background<Long> worker : working) {
                    assertThat(worker.result()).isPositive();
                }

                real.catalog()
                        .list("", 10)
                        .items()
                        .forEach(name -> real.catalog().delete(name));
                assertThat(real.stats().blocksInUse()).isZero();
                assertThat(real.stats().logLiveBytes()).isZero();
            }
        }

        /** Sends, receives and acknowledges; only a closed queue may be an obstacle. */
        private long useUntil(Engine real, AtomicBoolean stop, long worker, AtomicLong received) {
            long sent = 0;
            while (!stop.get()) {
                try {
                    MessageQueue orders = real.queue("orders");
                    for (int i = 0; i < 50; i++) {
                        orders.send("w" + worker + "-" + sent++);
                        for (Delivery delivery : orders.receive(2)) {
                            assertThat(delivery.text()).startsWith("w");
                            if (!delivery.ack()) {
                                throw new AssertionError("a message in flight had gone: " + delivery);
                            }
                            received.incrementAndGet();
                        }
                    }
                } catch (EngineClosedException e) {
                    assertThat(e).hasMessageContaining("queue=orders");
                }
            }
            return sent;
        }
    }
}
