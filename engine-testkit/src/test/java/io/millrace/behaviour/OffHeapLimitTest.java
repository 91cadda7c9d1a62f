package io.millrace.behaviour;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.Engine;
import io.millrace.api.EngineConfig;
import io.millrace.api.Message;
import io.millrace.api.Refusal;
import io.millrace.api.SendRefusedException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueStats;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.queue.RedriveStatus;
import io.millrace.api.queue.RedriveTask;
import io.millrace.api.queue.SendResult;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.RawSender;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.TestEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** An engine that holds as much memory as it may: it says no to more, and to nothing else. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class OffHeapLimitTest {
    private static final long LIMIT = 4 << 20;
    private static final EngineConfig SMALL = EngineConfig.defaults().withOffHeapLimit(LIMIT);

    private final TestEngine engine = TestEngine.inMemory(SMALL);
    private final MessageQueue queue = engine.queue("orders");

    @AfterEach
    void close() {
        engine.close();
    }

    private static Message message(int length) {
        return Message.bytes(new byte[length]);
    }

    /** Sends until the engine says no; how many it took. */
    private int fill(MessageQueue into, int length) {
        int sent = 0;
        for (SendResult result = into.trySend(message(length)); result.isAccepted(); ) {
            sent++;
            result = into.trySend(message(length));
        }
        return sent;
    }

    private static int drain(MessageQueue from) {
        int acked = 0;
        for (List<Delivery> some = from.receive(100); !some.isEmpty(); some = from.receive(100)) {
            acked += (int) some.stream().filter(Delivery::ack).count();
        }
        return acked;
    }

    @Nested
    class Reached {
        @Test
        void shouldRefuseASendWithAValueThatNamesTheLimit() {
            fill(queue, 1_000);

            assertThat(queue.trySend(message(1_000))).isInstanceOfSatisfying(SendResult.Refused.class, refused -> {
                assertThat(refused.why().reason()).isEqualTo(Refusal.Reason.OFF_HEAP_LIMIT);
                assertThat(refused.why().isTransient()).isTrue();
                assertThat(refused.why().detail()).contains("queue=orders", "offHeapLimit=" + LIMIT);
            });
            assertThatExceptionOfType(SendRefusedException.class).isThrownBy(() -> queue.send(message(1_000)));
        }

        @Test
        void shouldRefuseTheRawTierWithACode() {
            fill(queue, 1_000);
            RawSender sender = queue.raw().sender();
            Claim claim = sender.newClaim();

            assertThat(sender.offer(ByteBuffer.allocate(1_000), 0, 1_000)).isEqualTo(Codes.OFF_HEAP_LIMIT);
            assertThat(sender.tryClaim(1_000, claim)).isEqualTo(Codes.OFF_HEAP_LIMIT);
            assertThat(claim.isOpen()).isFalse();
            sender.close();
        }

        @Test
        void shouldNeverHoldMoreThanTheLimit() {
            fill(queue, 10_000);
            fill(queue, 100);
            fill(engine.queue("other"), 1);

            assertThat(engine.stats().offHeapBytes()).isBetween(LIMIT / 2, LIMIT);
        }

        @Test
        void shouldChangeNothingByARefusal() {
            int sent = fill(queue, 1_000);
            QueueStats before = queue.admin().stats();

            for (int i = 0; i < 1_000; i++) {
                assertThat(queue.trySend(message(1_000)).isAccepted()).isFalse();
            }

            assertThat(queue.admin().stats()).isEqualTo(before);
            assertThat(before.visible()).isEqualTo(sent);
        }

        @Test
        void shouldStillReceiveGiveBackAndAcknowledge() {
            int sent = fill(queue, 1_000);

            List<Delivery> some = queue.receive(10);
            assertThat(some).hasSize(10);
            some.forEach(delivery -> assertThat(delivery.retryAfter(ZERO)).isTrue());

            assertThat(drain(queue)).isEqualTo(sent);
        }

        @Test
        void shouldStillPeekPurgeAndMakeQueues() {
            int sent = fill(queue, 1_000);

            assertThat(queue.admin().peek(5)).hasSize(5);
            assertThat(engine.queue("other").admin().stats().visible()).isZero();
            assertThat(queue.admin().purge()).isEqualTo(sent);
            assertThat(queue.trySend(message(1_000)).isAccepted()).isTrue();
        }

        @Test
        void shouldTakeASmallMessageWhereALargeOneHasNoRoom() {
            queue.admin().update(c -> c.withMaxMessageBytes(8 << 20));

            assertThat(queue.trySend(message(5 << 20)).isAccepted()).isFalse();
            assertThat(queue.trySend(message(1 << 20)).isAccepted()).isTrue();
            assertThat(queue.trySend(message(100)).isAccepted()).isTrue();
        }

        @Test
        void shouldBeReachedByManySmallQueuesToo() {
            List<MessageQueue> queues = new ArrayList<>();
            MessageQueue next = engine.queue("q0");
            while (next.trySend(Message.text("x")).isAccepted()) {
                queues.add(next);
                next = engine.queue("q" + queues.size());
            }

            assertThat(queues).hasSizeGreaterThan(300);
            for (MessageQueue each : queues) {
                assertThat(drain(each)).isEqualTo(1);
                engine.catalog().delete(each.name());
            }
            assertThat(next.trySend(Message.text("x")).isAccepted()).isTrue();
        }
    }

    @Nested
    class LeftAgain {
        @Test
        void shouldSendAgainWhenMessagesHaveLeft() {
            fill(queue, 1_000);
            assertThat(drain(queue)).isPositive();

            assertThat(queue.trySend(message(1_000)).isAccepted()).isTrue();
        }

        @Test
        void shouldHoldAsMuchAfterManyRounds() {
            int first = fill(queue, 1_000);
            drain(queue);
            for (int round = 0; round < 30; round++) {
                assertThat(fill(queue, 1_000)).isGreaterThan(first * 9 / 10);
                drain(queue);
            }
        }

        @Test
        void shouldMakeRoomForLargeMessagesWhereSmallOnesWere() {
            fill(queue, 100);
            drain(queue);

            assertThat(fill(queue, 600_000)).isPositive();
            drain(queue);
            assertThat(fill(queue, 100)).isGreaterThan(1_000);
        }

        @Test
        void shouldLetASendThatWaitsGoOn() throws Exception {
            try (Engine real = Engine.inMemory(SMALL)) {
                MessageQueue orders = real.queue("orders");
                fill(orders, 1_000);
                Background<Object> sending = Background.run(() -> orders.send(message(1_000)));
                assertThat(sending.isDone()).isFalse();

                int acked = drain(orders);

                assertThat(sending.result()).isNotNull();
                assertThat(acked).isPositive();
            }
        }
    }

    @Nested
    class WithDeadLetters {
        private final MessageQueue dead = engine.queue("dead");

        /** A message that may not be received again, in an engine that is full. */
        private void fillWithOneExhausted() {
            queue.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 1)));
            queue.send(message(10_000));
            assertThat(queue.receive(ReceiveOptions.upTo(1).withVisibilityTimeout(ZERO)))
                    .hasSize(1);
            MessageQueue other = engine.queue("other");
            fill(other, 10_000);
            fill(other, 1);
        }

        @Test
        void shouldKeepAMessageThatCannotMoveAndMoveItLater() {
            fillWithOneExhausted();

            assertThat(queue.receive(1)).isEmpty();
            assertThat(queue.admin().peek(1)).as("it is not lost").hasSize(1);

            drain(engine.queue("other"));
            engine.clock().advance(ofSeconds(1));
            assertThat(queue.receive(1)).isEmpty();
            assertThat(dead.receive(1)).hasSize(1);
            assertThat(queue.admin().peek(1)).isEmpty();
        }

        @Test
        void shouldRefuseToMoveOnRequestAndLeaveTheFlightAsItWas() {
            queue.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 9)));
            queue.send(message(10_000));
            Delivery delivery = queue.receive(1).get(0);
            MessageQueue other = engine.queue("other");
            fill(other, 10_000);
            fill(other, 1);

            assertThatExceptionOfType(SendRefusedException.class)
                    .isThrownBy(() -> delivery.deadLetter("reason"))
                    .satisfies(e -> assertThat(e.refusal().reason()).isEqualTo(Refusal.Reason.OFF_HEAP_LIMIT));
            assertThat(delivery.extend(ofSeconds(5))).isTrue();
            engine.clock().advance(ofSeconds(5));
            assertThat(queue.receive(1)).hasSize(1);
        }

        @Test
        void shouldLetARedriveTaskWaitForRoom() {
            queue.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 9)));
            dead.send(message(200_000));
            MessageQueue other = engine.queue("other");
            fill(other, 10_000);
            fill(other, 1);

            RedriveTask task = dead.admin().redrive(RedriveRequest.to("orders"));
            engine.clock().advance(ofSeconds(5));
            assertThat(task.status()).isEqualTo(RedriveStatus.RUNNING);
            assertThat(task.moved()).isZero();

            drain(other);
            engine.clock().advance(ofSeconds(5));
            assertThat(task.status()).isEqualTo(RedriveStatus.COMPLETED);
            assertThat(queue.receive(1)).hasSize(1);
        }
    }
}
