package io.millrace.behaviour;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.Engine;
import io.millrace.api.MessageId;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.queue.RedriveStatus;
import io.millrace.api.queue.RedriveTask;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.TestEngine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tasks that bring dead letters back. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class RedriveTest {
    private final TestEngine engine = TestEngine.inMemory();
    private final ManualClock clock = engine.clock();
    private final MessageQueue dead = engine.queue("dead");
    private final MessageQueue queue = engine.queue("orders", c -> c.withRedrive(new RedrivePolicy("dead", 1)));

    @AfterEach
    void close() {
        engine.close();
    }

    private void giveUp(MessageQueue from, String... texts) {
        for (String text : texts) {
            from.send(text);
            assertThat(from.receive(1).get(0).deadLetter("reason")).isTrue();
        }
    }

    private RedriveTask redrive(RedriveRequest request) {
        RedriveTask task = dead.admin().redrive(request);
        clock.advance(ZERO);
        return task;
    }

    private static List<String> texts(MessageQueue in) {
        return in.admin().peek(100).stream().map(PeekedMessage::text).toList();
    }

    @Nested
    class Completed {
        @Test
        void shouldBringMessagesBackToWhereTheyCameFromOldestFirst() {
            MessageQueue bills = engine.queue("bills", c -> c.withRedrive(new RedrivePolicy("dead", 1)));
            giveUp(queue, "o1");
            giveUp(bills, "b1");
            giveUp(queue, "o2");

            RedriveTask task = redrive(RedriveRequest.toSources());

            assertThat(task.status()).isEqualTo(RedriveStatus.COMPLETED);
            assertThat(task.moved()).isEqualTo(3);
            assertThat(task.toMove()).isEqualTo(3);
            assertThat(task.failure()).isEmpty();
            assertThat(task.source()).isEqualTo("dead");
            assertThat(task.destination()).isEmpty();
            assertThat(task.startedAt()).isEqualTo(ManualClock.START);
            assertThat(texts(queue)).containsExactly("o1", "o2");
            assertThat(texts(bills)).containsExactly("b1");
            assertThat(texts(dead)).isEmpty();
        }

        @Test
        void shouldBringMessagesToTheQueueThatWasNamed() {
            MessageQueue elsewhere = engine.queue("elsewhere");
            dead.send("sent to the dead-letter queue itself");
            giveUp(queue, "one");

            RedriveTask task = redrive(RedriveRequest.to("elsewhere"));

            assertThat(task.destination()).contains("elsewhere");
            assertThat(texts(elsewhere)).hasSize(2);
        }

        @Test
        void shouldMakeThemNewMessages() {
            MessageId before = queue.send("one");
            assertThat(queue.receive(1).get(0).deadLetter("reason")).isTrue();
            clock.advance(ofSeconds(60));
            redrive(RedriveRequest.toSources());

            Delivery delivery = queue.receive(1).get(0);

            assertThat(delivery.id()).isNotEqualTo(before);
            assertThat(delivery.receiveCount()).isEqualTo(1);
            assertThat(delivery.sentAt()).isEqualTo(ManualClock.START.plusSeconds(60));
            assertThat(delivery.firstReceivedAt()).isEqualTo(ManualClock.START.plusSeconds(60));
            assertThat(delivery.deadLetterSource()).isEmpty();
            assertThat(delivery.deadLetterReason()).isEmpty();
        }

        @Test
        void shouldStartTheirRetentionAnew() {
            queue.admin().update(c -> c.withRetention(ofSeconds(100)));
            giveUp(queue, "one");
            clock.advance(ofSeconds(90));
            redrive(RedriveRequest.toSources());

            clock.advance(ofSeconds(99));
            assertThat(texts(queue)).containsExactly("one");
            clock.advance(ofSeconds(1));
            assertThat(texts(queue)).isEmpty();
        }

        @Test
        void shouldLeaveWhatIsInFlightOrComesLater() {
            giveUp(queue, "1", "2");
            Delivery inFlight = dead.receive(1).get(0);
            RedriveTask task = dead.admin().redrive(RedriveRequest.toSources());
            giveUp(queue, "3");
            clock.advance(ZERO);

            assertThat(task.moved()).isEqualTo(1);
            assertThat(task.toMove()).isEqualTo(1);
            assertThat(texts(queue)).containsExactly("2");
            assertThat(texts(dead)).containsExactly("1", "3");
            assertThat(inFlight.ack()).isTrue();
        }

        @Test
        void shouldMoveThousandsAtOneInstant() {
            for (int i = 0; i < 3_000; i++) {
                dead.send("m" + i);
            }

            RedriveTask task = redrive(RedriveRequest.to("orders"));

            assertThat(task.moved()).isEqualTo(3_000);
            assertThat(queue.receive(3_000))
                    .hasSize(3_000)
                    .last()
                    .satisfies(d -> assertThat(d.text()).isEqualTo("m2999"));
        }

        @Test
        void shouldNotCountWhatLeavesAsDeadLetters() {
            giveUp(queue, "one");
            redrive(RedriveRequest.toSources());

            assertThat(dead.admin().stats().deadLettered()).isZero();
            assertThat(dead.admin().stats().acked()).isZero();
            assertThat(queue.admin().stats().deadLettered()).isEqualTo(1);
        }

        @Test
        void shouldRunByItselfOnAClockThatMoves() {
            try (Engine real = Engine.inMemory()) {
                real.queue("dead");
                MessageQueue orders = real.queue("orders", c -> c.withRedrive(new RedrivePolicy("dead", 1)));
                giveUp(orders, "1", "2", "3");

                RedriveTask task = real.queue("dead").admin().redrive(RedriveRequest.toSources());

                Background.await("it is completed", () -> task.status() == RedriveStatus.COMPLETED);
                assertThat(orders.receive(10)).hasSize(3);
            }
        }
    }

    @Nested
    class WithARate {
        @Test
        void shouldMoveNoMoreInASecondThanWasSaid() {
            giveUp(queue, "1", "2", "3", "4");
            RedriveTask task = redrive(RedriveRequest.toSources().withRate(1));
            assertThat(task.moved()).isEqualTo(1);

            clock.advance(ofSeconds(2).minusMillis(1));
            assertThat(task.moved()).isEqualTo(2);
            clock.advance(ofSeconds(1));
            assertThat(task.moved()).isEqualTo(3);
            assertThat(task.status()).isEqualTo(RedriveStatus.RUNNING);
            clock.advance(ofMillis(1));
            assertThat(task.moved()).isEqualTo(4);
            clock.advance(ofSeconds(1));
            assertThat(task.status()).isEqualTo(RedriveStatus.COMPLETED);
        }

        @Test
        void shouldKeepAHighRateOverASecond() {
            for (int i = 0; i < 2_500; i++) {
                dead.send("x");
            }
            RedriveTask task = redrive(RedriveRequest.to("orders").withRate(1_000));

            clock.advance(ofSeconds(1));
            assertThat(task.moved()).isBetween(1_000L, 1_001L);
            clock.advance(ofSeconds(2));
            assertThat(task.moved()).isEqualTo(2_500);
        }
    }

    @Nested
    class Cancelled {
        @Test
        void shouldStopAndLeaveWhereTheyAreThoseThatMoved() {
            giveUp(queue, "1", "2", "3");
            RedriveTask task = redrive(RedriveRequest.toSources().withRate(1));

            assertThat(task.cancel()).isEqualTo(1);
            assertThat(task.status()).isIn(RedriveStatus.CANCELLING, RedriveStatus.CANCELLED);
            clock.advance(ofSeconds(10));

            assertThat(task.status()).isEqualTo(RedriveStatus.CANCELLED);
            assertThat(task.moved()).isEqualTo(1);
            assertThat(task.toMove()).isEqualTo(3);
            assertThat(texts(queue)).containsExactly("1");
            assertThat(texts(dead)).containsExactly("2", "3");
        }

        @Test
        void shouldRefuseToCancelWhatIsFinished() {
            giveUp(queue, "1");
            RedriveTask completed = redrive(RedriveRequest.toSources());

            assertThatIllegalStateException().isThrownBy(completed::cancel).withMessageContaining(completed.id());
            assertThat(completed.status()).isEqualTo(RedriveStatus.COMPLETED);
        }

        @Test
        void shouldLetAnotherTaskStart() {
            giveUp(queue, "1", "2", "3");
            RedriveTask first = redrive(RedriveRequest.toSources().withRate(1));
            first.cancel();
            clock.advance(ofSeconds(1));

            RedriveTask second = redrive(RedriveRequest.toSources());

            assertThat(second.status()).isEqualTo(RedriveStatus.COMPLETED);
            assertThat(second.moved()).isEqualTo(2);
        }
    }

    @Nested
    class Failed {
        @Test
        void shouldSayThatASourceIsUnknown() {
            giveUp(queue, "1");
            dead.send("from nowhere");

            RedriveTask task = redrive(RedriveRequest.toSources());

            assertThat(task.status()).isEqualTo(RedriveStatus.FAILED);
            assertThat(task.failure())
                    .hasValueSatisfying(text -> assertThat(text).contains("source"));
            assertThat(task.moved()).isEqualTo(1);
            assertThat(texts(dead)).containsExactly("from nowhere");
        }

        @Test
        void shouldSayThatTheDestinationIsGone() {
            giveUp(queue, "1", "2");
            engine.queue("elsewhere");
            RedriveTask task = redrive(RedriveRequest.to("elsewhere").withRate(1));
            engine.catalog().delete("elsewhere");

            clock.advance(ofSeconds(1));

            assertThat(task.status()).isEqualTo(RedriveStatus.FAILED);
            assertThat(task.failure()).contains("queue does not exist: queue=elsewhere");
            assertThat(texts(dead)).containsExactly("2");
        }

        @Test
        void shouldNotBeCompletedWhenItsQueueIsDeleted() {
            giveUp(queue, "1", "2");
            RedriveTask task = redrive(RedriveRequest.toSources().withRate(1));

            engine.catalog().delete("dead");
            clock.advance(ofSeconds(5));

            assertThat(task.status()).isEqualTo(RedriveStatus.FAILED);
            assertThat(task.moved()).isEqualTo(1);
        }
    }

    @Nested
    class Started {
        @Test
        void shouldRefuseASecondTaskBesideARunningOne() {
            giveUp(queue, "1", "2");
            RedriveTask running = redrive(RedriveRequest.toSources().withRate(1));

            assertThatIllegalStateException()
                    .isThrownBy(() -> dead.admin().redrive(RedriveRequest.toSources()))
                    .withMessageContaining("queue=dead")
                    .withMessageContaining(running.id());
        }

        @Test
        void shouldRefuseAQueueThatIsNoDeadLetterQueue() {
            queue.send("one");

            assertThatIllegalStateException()
                    .isThrownBy(() -> queue.admin().redrive(RedriveRequest.to("dead")))
                    .withMessageContaining("queue=orders");
            assertThat(queue.admin().redriveTasks()).isEmpty();
        }

        @Test
        void shouldListTasksNewestFirst() {
            giveUp(queue, "1");
            RedriveTask first = redrive(RedriveRequest.toSources());
            assertThat(queue.receive(1).get(0).deadLetter("again")).isTrue();
            RedriveTask second = redrive(RedriveRequest.toSources());

            assertThat(dead.admin().redriveTasks()).containsExactly(second, first);
            assertThat(first.id()).isNotEqualTo(second.id());
        }

        @Test
        void shouldWaitWhileTheDestinationIsFull() {
            queue.admin().update(c -> c.withMaxBacklog(1));
            queue.send("there");
            dead.send("1");

            RedriveTask task = redrive(RedriveRequest.to("orders"));
            clock.advance(ofSeconds(5));
            assertThat(task.status()).isEqualTo(RedriveStatus.RUNNING);

            queue.receive(1).get(0).ack();
            clock.advance(ofSeconds(10));
            assertThat(task.status()).isEqualTo(RedriveStatus.COMPLETED);
            assertThat(texts(queue)).containsExactly("1");
        }

        @Test
        void shouldLookLessOftenTheLongerThereIsNoRoom() {
            queue.admin().update(c -> c.withMaxBacklog(1).withRetention(ofDays(14)));
            dead.admin().update(c -> c.withRetention(ofDays(14)));
            queue.send("there");
            dead.send("1");
            RedriveTask task = redrive(RedriveRequest.to("orders"));
            long before = engine.stats().conductorCycles();

            clock.advance(ofDays(1));

            assertThat(engine.stats().conductorCycles() - before).isBetween(8_000L, 20_000L);
            assertThat(task.status()).isEqualTo(RedriveStatus.RUNNING);
        }

        @Test
        void shouldLookOftenAgainAfterAMessageHasMoved() {
            queue.admin().update(c -> c.withMaxBacklog(1).withRetention(ofDays(14)));
            dead.admin().update(c -> c.withRetention(ofDays(14)));
            queue.send("there");
            dead.send("1");
            dead.send("2");
            RedriveTask task = redrive(RedriveRequest.to("orders"));
            clock.advance(ofDays(1));
            queue.receive(1).get(0).ack();
            clock.advance(ofSeconds(10));
            assertThat(task.moved()).isEqualTo(1);

            queue.receive(1).get(0).ack();
            clock.advance(ofSeconds(10));

            assertThat(task.status()).isEqualTo(RedriveStatus.COMPLETED);
        }
    }
}
