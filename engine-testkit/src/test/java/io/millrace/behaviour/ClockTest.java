package io.millrace.behaviour;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Engine;
import io.millrace.api.EngineClock;
import io.millrace.api.EngineConfig;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.TestEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clocks that jump, stand, run ahead or lag, and what engines make of them. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class ClockTest {
    private static final Duration TIMEOUT = ofSeconds(30);

    @Nested
    class WallClockThatJumps {
        private final TestEngine engine = TestEngine.inMemory();
        private final ManualClock clock = engine.clock();
        private final MessageQueue queue = engine.queue("orders");

        @AfterEach
        void close() {
            engine.close();
        }

        @Test
        void shouldChangeStampsOfWhatComesLaterOnly() {
            queue.send("before");
            clock.wallJump(ofDays(2));
            queue.send("after");
            clock.wallJump(ofDays(-5));
            queue.send("at last");

            assertThat(queue.admin().peek(3))
                    .extracting(PeekedMessage::sentAt)
                    .containsExactly(
                            ManualClock.START, ManualClock.START.plus(ofDays(2)), ManualClock.START.minus(ofDays(3)));
        }

        @Test
        void shouldNeitherShowNorDropAnythingEarlierOrLater() {
            queue.admin().update(c -> c.withRetention(ofMinutes(10)));
            queue.send("received");
            assertThat(queue.receive(1)).hasSize(1);
            queue.send(Message.text("delayed").withDelay(TIMEOUT));

            clock.wallJump(ofDays(30));
            clock.advance(ZERO);
            assertThat(queue.receive(10)).isEmpty();
            clock.wallJump(ofDays(-60));
            clock.advance(TIMEOUT.minusMillis(1));
            assertThat(queue.receive(10)).isEmpty();

            clock.advance(ofMillis(1));
            assertThat(queue.receive(10)).extracting(Delivery::text).containsExactly("received", "delayed");
        }

        @Test
        void shouldNotChangeWhenAMessageWasFirstReceived() {
            queue.send("one");
            queue.receive(1).get(0).retryAfter(ZERO);

            clock.wallJump(ofHours(1));

            assertThat(queue.receive(1).get(0).firstReceivedAt()).isEqualTo(ManualClock.START);
        }

        @Test
        void shouldNotEndAWait() {
            CompletableFuture<List<Delivery>> future =
                    queue.receiveAsync(ReceiveOptions.upTo(1).withWait(ofMinutes(5)));

            clock.wallJump(ofDays(1));
            clock.advance(ofMinutes(4));
            assertThat(future).isNotDone();

            clock.wallJump(ofDays(-2));
            clock.advance(ofMinutes(1));
            assertThat(future).isCompletedWithValue(List.of());
        }
    }

    @Nested
    class LongTimes {
        private final TestEngine engine = TestEngine.inMemory();
        private final ManualClock clock = engine.clock();
        private final MessageQueue queue = engine.queue("orders", c -> c.withRetention(ofDays(3_650)));

        @AfterEach
        void close() {
            engine.close();
        }

        @Test
        void shouldPassInOneStepAsInMany() {
            queue.admin().update(c -> c.withVisibilityCap(ofDays(90)));
            queue.send("received");
            queue.receive(ReceiveOptions.upTo(1).withVisibilityTimeout(ofDays(90)));
            queue.send(Message.text("delayed").withDelay(ofDays(89)));
            List<String> order = new ArrayList<>();
            CompletableFuture<List<Delivery>> waiting =
                    queue.receiveAsync(ReceiveOptions.upTo(1).withWait(ofHours(1)));

            clock.advance(ofDays(400));

            assertThat(waiting).isCompletedWithValue(List.of());

            queue.receive(10).forEach(delivery -> order.add(delivery.text()));
            assertThat(order).containsExactly("received", "delayed");
        }

        @Test
        void shouldWorkAlikeAfterYears() {
            for (int year = 0; year < 30; year++) {
                queue.send("one");
                Delivery delivery = queue.receive(1).get(0);
                clock.advance(TIMEOUT.minusMillis(1));
                assertThat(queue.receive(1)).as("year " + year).isEmpty();
                clock.advance(ofMillis(1));
                assertThat(queue.receive(1)).as("year " + year).hasSize(1);
                assertThat(delivery.ack()).isTrue();
                clock.advance(ofDays(365));
            }
        }

        @Test
        void shouldExpireAfterTenYearsToTheMillisecond() {
            queue.send("one");

            clock.advance(ofDays(3_650).minusMillis(1));
            assertThat(queue.admin().peek(1)).hasSize(1);
            clock.advance(ofMillis(1));
            assertThat(queue.admin().peek(1)).isEmpty();
        }
    }

    /** A clock as machines have them, but moved by the test: the engine has its own thread beside it. */
    private static final class MachineClock implements EngineClock {
        private final AtomicLong wallMs =
                new AtomicLong(Instant.parse("2026-06-01T00:00:00Z").toEpochMilli());
        private final AtomicLong monotonicNs = new AtomicLong(-5_000_000_000L); // as good as any

        void pass(Duration duration) {
            wallMs.addAndGet(duration.toMillis());
            monotonicNs.addAndGet(duration.toNanos());
        }

        void wallJump(Duration jump) {
            wallMs.addAndGet(jump.toMillis());
        }

        @Override
        public long wallMs() {
            return wallMs.get();
        }

        @Override
        public long monotonicNs() {
            return monotonicNs.get();
        }
    }

    @Nested
    class MachineThatWasSuspended {
        private final MachineClock clock = new MachineClock();
        private final Engine engine = Engine.inMemory(EngineConfig.defaults().withClock(clock));
        private final MessageQueue queue = engine.queue("orders");

        @AfterEach
        void close() {
            engine.close();
        }

        @Test
        void shouldShowMessagesAgainWhenTimeHasPassed() {
            queue.send("one");
            assertThat(queue.receive(1)).hasSize(1);

            clock.pass(TIMEOUT.minusMillis(1));
            assertThat(queue.receive(1)).isEmpty();
            clock.pass(ofMillis(2));
            assertThat(receivedSoon(1)).hasSize(1);
        }

        @Test
        void shouldCatchUpAtOnceWhenTheWallClockIsHoursAhead() {
            queue.send("one");
            assertThat(queue.receive(1)).hasSize(1);

            clock.wallJump(ofHours(2));
            clock.pass(ofSeconds(2));
            queue.send("stamps are taken here");

            assertThat(receivedSoon(2)).containsExactlyInAnyOrder("one", "stamps are taken here");
        }

        @Test
        void shouldCatchUpSlowlyWhenTheWallClockIsMinutesAhead() {
            queue.send("one");
            assertThat(queue.receive(1)).hasSize(1);

            clock.wallJump(ofMinutes(5));
            clock.pass(ofSeconds(2));
            queue.send("two");

            assertThat(queue.receive(10)).extracting(Delivery::text).containsExactly("two");
        }

        @Test
        void shouldNeverGoBackWithTheWallClock() {
            queue.send(Message.text("one").withDelay(TIMEOUT));

            clock.wallJump(ofDays(-10));
            clock.pass(ofSeconds(2));
            queue.send("two");
            assertThat(queue.receive(10)).extracting(Delivery::text).containsExactly("two");

            clock.pass(TIMEOUT);
            assertThat(receivedSoon(1)).containsExactly("one");
        }

        /** Waits, since what has become due may just be in the hands of the engine's own thread. */
        private List<String> receivedSoon(int count) {
            List<String> received = new ArrayList<>();
            while (received.size() < count) {
                queue.receive(1, TIMEOUT).forEach(delivery -> received.add(delivery.text()));
            }
            return received;
        }
    }

    @Nested
    class ClockOfTheMachine {
        private final Engine engine = Engine.inMemory();
        private final MessageQueue queue = engine.queue("orders");

        @AfterEach
        void close() {
            engine.close();
        }

        @Test
        void shouldServeAWaiterWhenADelayEnds() {
            queue.send(Message.text("one").withDelay(ofMillis(30)));

            assertThat(queue.receive(1, ofSeconds(10)))
                    .extracting(Delivery::text)
                    .containsExactly("one");
        }

        @Test
        void shouldHideForNoLessThanWasAsked() {
            for (int i = 0; i < 20; i++) {
                queue.send("one");
                long receivedNs = System.nanoTime();
                assertThat(queue.receive(ReceiveOptions.upTo(1).withVisibilityTimeout(ofMillis(5))))
                        .hasSize(1);

                List<Delivery> again = queue.receive(1, ofSeconds(10));

                assertThat(System.nanoTime() - receivedNs).isGreaterThanOrEqualTo(5_000_000L);
                assertThat(again).hasSize(1).allMatch(Delivery::ack);
            }
        }

        @Test
        void shouldEndAWaitNotBeforeItsTime() {
            long startedNs = System.nanoTime();

            assertThat(queue.receive(1, ofMillis(50))).isEmpty();

            assertThat(System.nanoTime() - startedNs).isGreaterThanOrEqualTo(49_000_000L);
        }

        @Test
        void shouldNotSleepThroughADeadlineThatIsEarlierThanTheOthers() {
            queue.send(Message.text("late").withDelay(ofHours(1)));
            queue.send(Message.text("soon").withDelay(ofMillis(30)));

            assertThat(queue.receive(10, ofSeconds(10)))
                    .extracting(Delivery::text)
                    .containsExactly("soon");
        }

        @Test
        void shouldDropByItselfWhatHasExpired() {
            queue.admin().update(c -> c.withRetention(ofMillis(30)));
            queue.send("one");

            Background.await("it has expired", () -> engine.stats().logLiveBytes() == 0);

            assertThat(queue.admin().stats().expired()).isEqualTo(1);
        }
    }
}
