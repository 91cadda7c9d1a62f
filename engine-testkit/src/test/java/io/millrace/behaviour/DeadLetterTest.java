package io.millrace.behaviour;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import io.millrace.api.Message;
import io.millrace.api.MessageId;
import io.millrace.api.Refusal;
import io.millrace.api.SendRefusedException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.RedriveAllow;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.TestEngine;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages that were received too often, or given up, and the queue that takes them. */
@ExtendWith(LeakCheck.class)
class DeadLetterTest {
    private final TestEngine engine = TestEngine.inMemory();
    private final ManualClock clock = engine.clock();
    private final MessageQueue dead = engine.queue("dead");
    private final MessageQueue queue = engine.queue("orders", c -> c.withRedrive(new RedrivePolicy("dead", 1)));

    @AfterEach
    void close() {
        engine.close();
    }

    private Delivery receiveOne(MessageQueue from) {
        List<Delivery> received = from.receive(1);
        assertThat(received).hasSize(1);
        return received.get(0);
    }

    private void exhaust(String text) {
        queue.send(text);
        assertThat(receiveOne(queue).retryAfter(ZERO)).isTrue();
    }

    @Nested
    class ReceivedTooOften {
        @Test
        void shouldMoveInsteadOfBeingReceivedOnceMore() {
            exhaust("one");

            assertThat(queue.receive(10)).isEmpty();

            assertThat(dead.receive(10)).extracting(Delivery::text).containsExactly("one");
            assertThat(queue.admin().peek(10)).isEmpty();
            assertThat(queue.admin().stats().deadLettered()).isEqualTo(1);
            assertThat(dead.admin().stats().sent()).as("moves are no sends").isZero();
        }

        @Test
        void shouldMakeWayForOthersInTheSameReceive() {
            exhaust("1");
            queue.send("2");

            assertThat(queue.receive(1)).extracting(Delivery::text).containsExactly("2");
        }

        @Test
        void shouldReachTheInFlightLimitInOneReceiveWhenTheDeadLetterQueueIsGone() {
            queue.admin().update(c -> c.withMaxInFlight(64));
            for (int i = 0; i < 64; i++) {
                queue.send("message " + i);
            }
            assertThat(queue.receive(ReceiveOptions.upTo(100).withVisibilityTimeout(ZERO)))
                    .hasSize(64);
            engine.catalog().delete("dead");

            assertThat(queue.receive(100)).hasSize(64);
        }

        @Test
        void shouldStayWhatItWas() {
            Attributes attributes = Attributes.of("n", Attribute.number(1));
            MessageId id = queue.send(Message.text("one").withAttributes(attributes));
            clock.advance(ofSeconds(1));
            receiveOne(queue);
            clock.advance(ofSeconds(30));
            assertThat(queue.receive(1)).isEmpty();

            Delivery delivery = receiveOne(dead);

            assertThat(delivery.id()).isEqualTo(id);
            assertThat(delivery.attributes()).isEqualTo(attributes);
            assertThat(delivery.sentAt()).isEqualTo(ManualClock.START);
            assertThat(delivery.firstReceivedAt()).isEqualTo(ManualClock.START.plusSeconds(1));
            assertThat(delivery.receiveCount())
                    .as("the move itself does not count")
                    .isEqualTo(2);
            assertThat(delivery.deadLetterSource()).contains("orders");
            assertThat(delivery.deadLetterReason()).isEmpty();
        }

        @Test
        void shouldNotMoveByTimeAlone() {
            queue.send("one");
            receiveOne(queue);

            clock.advance(ofDays(1));

            assertThat(dead.receive(1)).isEmpty();
            assertThat(queue.admin().stats().visible()).isEqualTo(1);
        }

        @Test
        void shouldStillBeAcknowledgedByAnEarlierReceipt() {
            queue.send("one");
            Delivery delivery = receiveOne(queue);
            clock.advance(ofSeconds(30));

            assertThat(delivery.ack()).isTrue();
            assertThat(queue.receive(1)).isEmpty();
            assertThat(dead.receive(1)).isEmpty();
        }

        @Test
        void shouldNotBeReachedByAnOldReceiptOnceItHasMoved() {
            queue.send("one");
            Delivery delivery = receiveOne(queue);
            clock.advance(ofSeconds(30));
            assertThat(queue.receive(1)).isEmpty();

            assertThat(delivery.ack()).isFalse();
            assertThat(dead.receive(1)).hasSize(1);
        }

        @Test
        void shouldNotWaitForTheDelayOfTheDeadLetterQueue() {
            dead.admin().update(c -> c.withDelay(ofSeconds(60)));
            exhaust("one");
            assertThat(queue.receive(1)).isEmpty();

            assertThat(dead.receive(1)).hasSize(1);
        }

        @Test
        void shouldKeepItsAge() {
            dead.admin().update(c -> c.withRetention(ofSeconds(60)));
            queue.send("one");
            receiveOne(queue);
            clock.advance(ofSeconds(59));
            assertThat(queue.receive(1)).isEmpty();
            assertThat(dead.admin().peek(1)).hasSize(1);

            clock.advance(ofSeconds(1));
            assertThat(dead.admin().peek(1)).isEmpty();
        }

        @Test
        void shouldExpireOnArrivalIfItIsTooOldForTheDeadLetterQueue() {
            dead.admin().update(c -> c.withRetention(ofSeconds(10)));
            queue.send("one");
            receiveOne(queue);
            clock.advance(ofSeconds(30));
            assertThat(queue.receive(1)).isEmpty();

            assertThat(dead.admin().peek(1)).isEmpty();
            assertThat(dead.admin().stats().expired()).isEqualTo(1);
        }

        @Test
        void shouldGoOnToTheNextDeadLetterQueue() {
            engine.queue("last");
            dead.admin().update(c -> c.withRedrive(new RedrivePolicy("last", 2)));
            exhaust("one");
            assertThat(queue.receive(1)).isEmpty();
            assertThat(receiveOne(dead).retryAfter(ZERO)).isTrue();

            assertThat(dead.receive(1)).isEmpty();

            Delivery delivery = receiveOne(engine.queue("last"));
            assertThat(delivery.receiveCount()).isEqualTo(3);
            assertThat(delivery.deadLetterSource()).contains("dead");
        }

        @Test
        void shouldFollowALimitThatIsLoweredLater() {
            queue.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 5)));
            queue.send("one");
            for (int i = 0; i < 3; i++) {
                receiveOne(queue).retryAfter(ZERO);
            }
            queue.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 3)));

            assertThat(queue.receive(1)).isEmpty();
            assertThat(receiveOne(dead).receiveCount()).isEqualTo(4);
        }

        @Test
        void shouldCountExactlyWhereTheLimitIsBeyondAThousand() {
            queue.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 1_500)));
            queue.send("one");
            for (int i = 0; i < 1_500; i++) {
                assertThat(queue.receive(ReceiveOptions.upTo(1).withVisibilityTimeout(ZERO)))
                        .hasSize(1);
            }

            assertThat(queue.receive(1)).isEmpty();
            assertThat(receiveOne(dead).receiveCount()).isEqualTo(1_501);
        }
    }

    @Nested
    class GivenUp {
        @Test
        void shouldMoveAtOnceWithItsReason() {
            queue.send("one");
            Delivery delivery = receiveOne(queue);

            assertThat(delivery.deadLetter("cannot be read")).isTrue();

            Delivery moved = receiveOne(dead);
            assertThat(moved.deadLetterReason()).contains("cannot be read");
            assertThat(moved.deadLetterSource()).contains("orders");
            assertThat(delivery.deadLetter("again")).isFalse();
            assertThat(delivery.ack()).isFalse();
        }

        @Test
        void shouldMoveByReceiptToo() {
            queue.send("one");

            assertThat(queue.deadLetter(receiveOne(queue).receipt(), "reason")).isTrue();
            assertThat(receiveOne(dead).deadLetterReason()).contains("reason");
        }

        @Test
        void shouldTakeTheLongestReason() {
            String reason = "r".repeat(1_024);
            queue.send("one");

            assertThat(receiveOne(queue).deadLetter(reason)).isTrue();
            assertThat(receiveOne(dead).deadLetterReason()).contains(reason);
        }

        @Test
        void shouldNotMoveWhatIsVisibleAgain() {
            queue.send("one");
            Delivery delivery = receiveOne(queue);
            clock.advance(ofSeconds(30));

            assertThat(delivery.deadLetter("reason")).isFalse();
            assertThat(dead.receive(1)).isEmpty();
        }

        @Test
        void shouldBeRefusedWhereTheDeadLetterQueueIsFull() {
            dead.admin().update(c -> c.withMaxBacklog(1));
            dead.send("full");
            queue.send("one");
            Delivery delivery = receiveOne(queue);

            assertThatExceptionOfType(SendRefusedException.class)
                    .isThrownBy(() -> delivery.deadLetter("reason"))
                    .satisfies(e -> assertThat(e.refusal().reason()).isEqualTo(Refusal.Reason.BACKLOG_LIMIT));
            assertThat(delivery.extend(ofSeconds(1)))
                    .as("it is still in flight")
                    .isTrue();
            assertThat(delivery.ack()).isTrue();
        }
    }

    @Nested
    class WhereItCannotGo {
        @Test
        void shouldBeDeliveredOnceMoreIfTheDeadLetterQueueWasDeleted() {
            exhaust("one");
            engine.catalog().delete("dead");

            assertThat(receiveOne(queue).receiveCount()).isEqualTo(2);
        }

        @Test
        void shouldBeDeliveredOnceMoreIfItIsNotAllowedAnyMore() {
            exhaust("one");
            dead.admin().update(c -> c.withRedriveAllow(RedriveAllow.only(Set.of("others"))));

            assertThat(receiveOne(queue).receiveCount()).isEqualTo(2);
            dead.admin().update(c -> c.withRedriveAllow(RedriveAllow.only(Set.of("orders"))));
            clock.advance(ofSeconds(30));
            assertThat(queue.receive(1)).isEmpty();
            assertThat(dead.receive(1)).hasSize(1);
        }

        @Test
        void shouldWaitAndTryAgainIfTheDeadLetterQueueIsFull() {
            dead.admin().update(c -> c.withMaxBacklog(1));
            dead.send("full");
            exhaust("one");

            assertThat(queue.receive(1)).isEmpty();
            assertThat(queue.admin().peek(1)).extracting(PeekedMessage::text).containsExactly("one");
            receiveOne(dead).ack();
            clock.advance(ofSeconds(1));

            assertThat(queue.receive(1)).isEmpty();
            assertThat(receiveOne(dead).text()).isEqualTo("one");
            clock.advance(ofMillis(1));
            assertThat(queue.admin().peek(1)).isEmpty();
        }
    }

    @Test
    void shouldNameTheQueuesThatUseIt() {
        engine.queue("bills", c -> c.withRedrive(new RedrivePolicy("dead", 3)));

        assertThat(dead.admin().deadLetterSources()).containsExactly("bills", "orders");
        queue.admin().update(c -> c.withoutRedrive());
        assertThat(dead.admin().deadLetterSources()).containsExactly("bills");
    }
}
