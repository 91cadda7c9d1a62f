package io.millrace.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.Engine;
import io.millrace.api.EngineClock;
import io.millrace.api.EngineClosedException;
import io.millrace.api.EngineConfig;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConsumer;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.TestEngine;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of GUARANTEES about closing: one test for each row, named like it, for an engine and for a queue. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class ClosingTest {
    private static final ReceiveOptions WAITING = ReceiveOptions.upTo(1).withWait(ofMinutes(10));
    private static final Pattern TABLE =
            Pattern.compile("## Closing\\n\\n\\| what is there .*?\\n\\|---\\|---\\|\\n(.*?)\\n\\n", Pattern.DOTALL);

    private static final String GUARANTEES = Pages.GUARANTEES; // read before the leak check looks
    private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| (.*?) \\|");

    /** How everything ends. */
    enum Ending {
        THE_ENGINE_CLOSES {
            @Override
            void of(Engine engine) {
                engine.close();
            }
        },
        THE_QUEUE_IS_DELETED {
            @Override
            void of(Engine engine) {
                engine.catalog().delete("orders");
            }
        };

        abstract void of(Engine engine);
    }

    private final TestEngine engine = TestEngine.inMemory();
    private final MessageQueue queue = engine.queue("orders");

    @AfterEach
    void close() {
        engine.close();
    }

    private void assertNothingIsLeft(Ending ending) {
        if (ending == Ending.THE_QUEUE_IS_DELETED) {
            assertThat(engine.stats().blocksInUse()).isZero();
            assertThat(engine.stats().logLiveBytes()).isZero();
            engine.close();
        }
        assertThat(engine.stats().offHeapBytes()).isZero();
    }

    @Test
    void shouldHaveOneTestForEachRow() {
        var table = TABLE.matcher(GUARANTEES);
        assertThat(table.find()).isTrue();
        List<String> rows = FIRST_CELL
                .matcher(table.group(1))
                .results()
                .map(row -> row.group(1).replace("`", ""))
                .toList();

        List<String> tests = Stream.of(ClosingTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(ParameterizedTest.class))
                .map(ClosingTest::displayName)
                .toList();

        assertThat(rows).isNotEmpty().containsExactlyInAnyOrderElementsOf(tests);
    }

    private static String displayName(Method test) {
        return test.getAnnotation(DisplayName.class).value();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName("a parked receive or receiveAsync")
    void shouldFailWhoeverWaits(Ending ending) throws Exception {
        Background<List<Delivery>> thread = Background.run(() -> queue.receive(WAITING));
        List<CompletableFuture<List<Delivery>>> futures =
                Stream.generate(() -> queue.receiveAsync(WAITING)).limit(100).toList();
        Background.await("all wait", () -> queue.admin().stats().waitingReceivers() == 101);

        ending.of(engine);

        assertThat(futures).allSatisfy(future -> {
            assertThat(future).isCompletedExceptionally();
            assertThat(catchThrowable(future::join)).hasCauseInstanceOf(EngineClosedException.class);
        });
        assertThatExceptionOfType(EngineClosedException.class).isThrownBy(thread::result);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName("a listener")
    void shouldStopListeners(Ending ending) throws Exception {
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        CompletableFuture<Throwable> ack = new CompletableFuture<>();
        QueueConsumer consumer = queue.consume(batch -> {
            inHandler.countDown();
            ended.await();
            ack.complete(catchThrowable(() -> batch.forEach(Delivery::ack)));
        });
        queue.send("one");
        queue.send("two");
        inHandler.await();

        ending.of(engine);
        assertThat(consumer.isRunning()).isFalse();
        ended.countDown();

        Background.await("the handler finishes", ack::isDone);
        assertThat(ack.join()).isInstanceOf(EngineClosedException.class);
        consumer.close();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName("a delivery held by the user")
    void shouldLetDeliveriesBeReadForEverButNotEnded(Ending ending) {
        queue.send(Message.text("one").with("n", 1));
        Delivery delivery = queue.receive(1).get(0);

        ending.of(engine);

        assertThat(delivery.text()).isEqualTo("one");
        assertThat(delivery.attributes().text("n")).contains("1");
        assertThat(delivery.id()).isNotNull();
        assertThat(delivery.receipt()).isNotNull();
        assertThat(delivery.toString()).contains("orders");
        for (ThrowingCallable end : List.<ThrowingCallable>of(
                delivery::ack,
                () -> delivery.retryAfter(ZERO),
                () -> delivery.extend(ofSeconds(1)),
                () -> delivery.deadLetter("reason"))) {
            assertThatExceptionOfType(EngineClosedException.class).isThrownBy(end);
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName("an open claim")
    void shouldLetAClaimBeWrittenButNotCommitted(Ending ending) {
        RawSender sender = queue.raw().sender();
        Claim claim = sender.newClaim();
        assertThat(sender.tryClaim(8, claim)).isZero();

        ending.of(engine);

        claim.buffer().putLong(claim.offset(), 42L);
        assertThat(claim.buffer().getLong(claim.offset())).isEqualTo(42L);
        assertThat(engine.stats().offHeapBytes()).as("memory that is lent").isPositive();
        assertThat(claim.commit()).isEqualTo(Codes.CLOSED);
        assertThat(claim.isOpen()).isFalse();
        sender.close();
        assertNothingIsLeft(ending);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName("a view lent to a raw handler")
    void shouldLetAHandlerReadToItsEnd(Ending ending) throws Exception {
        queue.send("one");
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Background<String> polling = Background.run(() -> {
            AtomicReference<String> seen = new AtomicReference<>("");
            try (RawReceiver receiver = queue.raw().receiver()) {
                receiver.poll(
                        (delivery, payload, offset, length, last) -> {
                            inHandler.countDown();
                            awaitUninterruptibly(ended);
                            byte[] bytes = new byte[length];
                            payload.get(offset, bytes);
                            seen.set(new String(bytes, UTF_8));
                            return Disposition.ACK;
                        },
                        1);
            }
            return seen.get();
        });
        inHandler.await();

        ending.of(engine);
        assertThat(engine.stats().offHeapBytes()).as("memory that is lent").isPositive();
        ended.countDown();

        assertThat(polling.result()).isEqualTo("one");
        assertNothingIsLeft(ending);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A machine's clock at which one thread can be held up, which is then in the middle of an operation. */
    private static final class HoldingClock implements EngineClock {
        private final AtomicReference<Thread> held = new AtomicReference<>();
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        @Override
        public long wallMs() {
            return EngineClock.system().wallMs();
        }

        @Override
        public long monotonicNs() {
            if (held.compareAndSet(Thread.currentThread(), null)) {
                arrived.countDown();
                awaitUninterruptibly(released);
            }
            return EngineClock.system().monotonicNs();
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName("an operation in progress")
    void shouldWaitForOperationsInProgress(Ending ending) throws Exception {
        HoldingClock clock = new HoldingClock();
        Engine real = Engine.inMemory(EngineConfig.defaults().withClock(clock));
        MessageQueue orders = real.queue("orders");
        Background<Throwable> sending = Background.run(() -> {
            clock.held.set(Thread.currentThread());
            return catchThrowable(() -> orders.send("one"));
        });
        clock.arrived.await();

        Background<Boolean> closing = Background.run(() -> {
            ending.of(real);
            return true;
        });
        Background.await("it has begun", () -> catchThrowable(() -> orders.receive(1)) != null);
        assertThat(closing.isDone()).isFalse();
        clock.released.countDown();

        assertThat(closing.result()).isTrue();
        Throwable thrown = sending.result();
        assertThat(thrown == null || thrown instanceof EngineClosedException)
                .as("ended in one way or the other: " + thrown)
                .isTrue();
        assertThat(real.stats().logLiveBytes()).isZero();
        real.close();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName("close called from a handler, a listener or a future's callback")
    void shouldNotWaitForItsOwnCaller(Ending ending) {
        try (TestEngine other = TestEngine.inMemory()) {
            MessageQueue orders = other.queue("orders");
            orders.send("one");
            RawReceiver receiver = orders.raw().receiver();
            receiver.poll(
                    (delivery, payload, offset, length, last) -> {
                        ending.of(other);
                        return Disposition.ACK;
                    },
                    1);
            receiver.close();
            assertThatExceptionOfType(EngineClosedException.class).isThrownBy(() -> orders.send("late"));
        }

        try (TestEngine other = TestEngine.inMemory()) {
            MessageQueue orders = other.queue("orders");
            CompletableFuture<Boolean> ended = new CompletableFuture<>();
            QueueConsumer consumer = orders.consume(batch -> {
                ending.of(other);
                ended.complete(true);
            });
            orders.send("one");
            Background.await("the listener has ended everything", ended::isDone);
            consumer.close();
            assertThatExceptionOfType(EngineClosedException.class).isThrownBy(() -> orders.send("late"));
        }

        CompletableFuture<Void> ended = queue.receiveAsync(WAITING).thenRun(() -> ending.of(engine));
        queue.send("one");
        assertThat(ended).isCompleted();
        assertThatExceptionOfType(EngineClosedException.class).isThrownBy(() -> queue.send("late"));
    }
}
