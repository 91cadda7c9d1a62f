package io.millrace.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.Engine;
import io.millrace.api.EngineClosedException;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.TestEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of everything in progress when an engine is closed, beyond what {@link ClosingTest} has of it. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class CloseTest {
    private static final ReceiveOptions WAITING = ReceiveOptions.upTo(1).withWait(ofMinutes(10));

    private final TestEngine engine = TestEngine.inMemory();
    private final MessageQueue queue = engine.queue("orders");

    @AfterEach
    void close() {
        engine.close();
    }

    private static void assertClosed(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        assertThat(catchThrowable(future::join)).hasCauseInstanceOf(EngineClosedException.class);
    }

    @Nested
    class Waiting {
        @Test
        void shouldReleaseAThreadThatWaitsForRoom() throws Exception {
            Engine real = Engine.inMemory();
            MessageQueue full = real.queue("full", c -> c.withMaxBacklog(1).withSendTimeout(ofMinutes(10)));
            full.send("one");
            Background<Object> sending = Background.run(() -> full.send("two"));
            assertThat(sending.isDone()).isFalse();

            real.close();

            assertThatExceptionOfType(EngineClosedException.class).isThrownBy(sending::result);
        }
    }

    @Nested
    class InHand {
        @Test
        void shouldFreeMemoryWhenTheLastClaimIsAborted() {
            RawSender sender = queue.raw().sender();
            Claim first = sender.newClaim();
            Claim second = sender.newClaim();
            assertThat(sender.tryClaim(8, first)).isZero();
            assertThat(sender.tryClaim(8, second)).isEqualTo(1);
            engine.close();

            first.abort();
            assertThat(engine.stats().offHeapBytes()).isPositive();
            second.abort();
            assertThat(engine.stats().offHeapBytes()).isZero();
        }

        @Test
        void shouldFreeMemoryWhenTheSenderOfAnOpenClaimIsClosed() {
            RawSender sender = queue.raw().sender();
            assertThat(sender.tryClaim(8, sender.newClaim())).isZero();
            engine.close();

            sender.close();

            assertThat(engine.stats().offHeapBytes()).isZero();
        }

        @Test
        void shouldLetAHandlerReadToItsEndAndThenFreeTheMemory() {
            queue.send("one");
            queue.send("two");
            RawReceiver receiver = queue.raw().receiver();
            List<String> seen = new ArrayList<>();
            int done = receiver.poll(
                    (delivery, payload, offset, length, last) -> {
                        engine.close();
                        byte[] bytes = new byte[length];
                        payload.get(offset, bytes);
                        seen.add(new String(bytes, UTF_8));
                        return Disposition.ACK;
                    },
                    10);
            receiver.close();

            assertThat(seen).startsWith("one");
            assertThat(done).isBetween(0, 2);
            assertThat(engine.stats().offHeapBytes()).isZero();
        }
    }

    @Nested
    class FromInside {
        @Test
        void shouldBearBeingClosedByAnActionThatDependsOnTime() {
            CompletableFuture<Void> closing = queue.receiveAsync(
                            ReceiveOptions.upTo(1).withWait(ofSeconds(5)))
                    .thenRun(engine::close);
            CompletableFuture<List<Delivery>> later =
                    queue.receiveAsync(ReceiveOptions.upTo(1).withWait(ofSeconds(6)));

            engine.clock().advance(ofSeconds(10));

            assertThat(closing).isCompleted();
            assertClosed(later);
        }

        @Test
        void shouldBearBeingClosedByAnActionOfAFutureThatClosingFails() {
            CompletableFuture<String> closing = queue.receiveAsync(WAITING).handle((deliveries, failure) -> {
                engine.close();
                return "closed again";
            });

            engine.close();

            assertThat(closing).isCompletedWithValue("closed again");
        }

        @Test
        void shouldBearBeingClosedByItsOwnThread() {
            Engine real = Engine.inMemory();
            MessageQueue orders = real.queue("orders");
            CompletableFuture<Void> closing = orders.receiveAsync(
                            ReceiveOptions.upTo(1).withWait(ofMillis(20)))
                    .thenRun(real::close);

            Background.await("the engine is closed", closing::isDone);

            assertThat(closing).isCompleted();
            assertThatExceptionOfType(EngineClosedException.class).isThrownBy(() -> orders.send("late"));
        }

        @Test
        void shouldBearBeingClosedByManyThreadsAtOnce() throws Exception {
            Engine real = Engine.inMemory();
            real.queue("orders").send("one");
            List<Background<Boolean>> closers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                closers.add(Background.run(() -> {
                    real.close();
                    return true;
                }));
            }

            for (Background<Boolean> closer : closers) {
                assertThat(closer.result()).isTrue();
            }
            assertThat(real.stats().offHeapBytes()).isZero();
        }

        @Test
        void shouldEndOperationsInProgressOneWayOrTheOther() throws Exception {
            for (int round = 0; round < 20; round++) {
                Engine real = Engine.inMemory();
                MessageQueue orders = real.queue("orders");
                List<Background<Throwable>> working = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    working.add(Background.run(() -> catchThrowable(() -> {
                        for (; ; ) {
                            orders.send("one");
                            orders.receive(1, ofSeconds(1)).forEach(Delivery::ack);
                        }
                    })));
                }
                Background.await(
                        "they work", () -> real.queue("orders").admin().stats().acked() > 10);

                real.close();

                for (Background<Throwable> worker : working) {
                    assertThat(worker.result()).isInstanceOf(EngineClosedException.class);
                }
                assertThat(real.stats().offHeapBytes()).isZero();
            }
        }
    }

    /** Every way of using an engine that was closed, or a queue that was deleted. */
    @Nested
    class Afterwards {
        private final List<DynamicTest> tests = new ArrayList<>();
        private final Delivery delivery;
        private final ReceiptHandle receipt;
        private final RawSender sender = queue.raw().sender();
        private final RawReceiver receiver = queue.raw().receiver();
        private final Claim claim = sender.newClaim();
        private long held;

        Afterwards() {
            queue.send("one");
            queue.send("two");
            delivery = queue.receive(1).get(0);
            receipt = delivery.receipt();
            receiver.poll(
                    (raw, payload, offset, length, last) -> {
                        held = raw.deliveryNumber();
                        return Disposition.HOLD;
                    },
                    1);
        }

        private void row(String what, ThrowingCallable use) {
            tests.add(DynamicTest.dynamicTest(
                    what,
                    () -> assertThat(catchThrowable(use))
                            .isInstanceOf(EngineClosedException.class)
                            .hasMessageContaining("is closed")));
        }

        private void rawRow(String what, LongSupplier use) {
            tests.add(DynamicTest.dynamicTest(
                    what, () -> assertThat(Codes.nameOf(use.getAsLong())).isEqualTo("CLOSED")));
        }

        @TestFactory
        Stream<DynamicTest> shouldRefuseEveryUseOfAClosedEngine() {
            engine.close();
            row("engine.queue of one that exists", () -> engine.queue("orders"));
            row("engine.queue of a new one", () -> engine.queue("new"));
            row("engine.queue with a configuration", () -> engine.queue("orders", c -> c));
            row("catalog.exists", () -> engine.catalog().exists("orders"));
            row("catalog.list", () -> engine.catalog().list("", 1));
            row("catalog.delete", () -> engine.catalog().delete("orders"));
            usesOfTheQueue();
            return tests.stream();
        }

        @TestFactory
        Stream<DynamicTest> shouldRefuseEveryUseOfADeletedQueue() {
            engine.catalog().delete("orders");
            usesOfTheQueue();
            return tests.stream();
        }

        private void usesOfTheQueue() {
            row("send", () -> queue.send("late"));
            row("send of what is too large", () -> queue.send("x".repeat(2 << 20)));
            row("trySend", () -> queue.trySend(Message.text("late")));
            row("sendAll", () -> queue.sendAll(List.of(Message.text("late"))));
            row("receive", () -> queue.receive(1));
            row("receive with a wait", () -> queue.receive(1, ofMinutes(10)));
            row("receive with options", () -> queue.receive(ReceiveOptions.upTo(1)));
            row("receiveAsync", () -> failureOf(queue.receiveAsync(ReceiveOptions.upTo(1))));
            row("receiveAsync with a wait", () -> failureOf(queue.receiveAsync(WAITING)));
            row("ack", () -> queue.ack(receipt));
            row("ackAll", () -> queue.ackAll(List.of(receipt)));
            row("retryAfter", () -> queue.retryAfter(receipt, ZERO));
            row("retryAllAfter", () -> queue.retryAllAfter(List.of(receipt), ZERO));
            row("extend", () -> queue.extend(receipt, ZERO));
            row("extendAll", () -> queue.extendAll(List.of(receipt), ZERO));
            row("deadLetter", () -> queue.deadLetter(receipt, "reason"));
            row("delivery.ack", delivery::ack);
            row("consume", () -> queue.consume(batch -> {}));
            row("admin.config", () -> queue.admin().config());
            row("admin.update", () -> queue.admin().update(c -> c));
            row("admin.tags", () -> queue.admin().tags());
            row("admin.tag", () -> queue.admin().tag(Map.of("a", "b")));
            row("admin.untag", () -> queue.admin().untag(List.of("a")));
            row("admin.purge", () -> queue.admin().purge());
            row("admin.peek", () -> queue.admin().peek(1));
            row("admin.stats", () -> queue.admin().stats());
            row("admin.deadLetterSources", () -> queue.admin().deadLetterSources());
            row("admin.redrive", () -> queue.admin().redrive(RedriveRequest.toSources()));
            row("admin.redriveTasks", () -> queue.admin().redriveTasks());
            rawRow("offer", () -> sender.offer(ByteBuffer.allocate(8), 0, 8));
            rawRow("tryClaim", () -> sender.tryClaim(8, claim));
            rawRow("poll", () -> receiver.poll((raw, payload, offset, length, last) -> Disposition.ACK, 1));
            rawRow("raw ack", () -> receiver.ack(held));
            rawRow("raw retryAfter", () -> receiver.retryAfter(held, 0));
            rawRow("raw extend", () -> receiver.extend(held, 0));
            tests.add(DynamicTest.dynamicTest(
                    "name", () -> assertThat(queue.name()).isEqualTo("orders")));
        }

        /** Thrown at once or by the future: both say it. */
        private static void failureOf(CompletableFuture<?> future) throws Throwable {
            throw catchThrowable(future::join).getCause();
        }
    }
}
