package io.millrace.behaviour;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.api.InvalidReceiptException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.TestEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Receipts that are not genuine, not of this place, or too late. */
@ExtendWith(LeakCheck.class)
class ReceiptTest {
    private final TestEngine engine = TestEngine.inMemory();
    private final MessageQueue queue = engine.queue("orders");

    @AfterEach
    void close() {
        engine.close();
    }

    private Delivery delivered(MessageQueue from) {
        from.send("one");
        return from.receive(1).get(0);
    }

    private void shouldBeRefusedEverywhere(ReceiptHandle receipt) {
        for (Runnable use : List.<Runnable>of(
                () -> queue.ack(receipt),
                () -> queue.retryAfter(receipt, ZERO),
                () -> queue.extend(receipt, ofSeconds(1)),
                () -> queue.deadLetter(receipt, "reason"),
                () -> queue.ackAll(List.of(receipt)),
                () -> queue.retryAllAfter(List.of(receipt), ZERO),
                () -> queue.extendAll(List.of(receipt), ZERO))) {
            assertThatExceptionOfType(InvalidReceiptException.class)
                    .isThrownBy(use::run)
                    .withMessageContaining("receipt=" + receipt.toString().substring(0, 50));
        }
        assertThat(queue.admin().stats().inFlight()).isEqualTo(1);
    }

    @Nested
    class NotGenuine {
        @Test
        void shouldBeRefusedWhicheverBitWasChanged() {
            byte[] genuine = delivered(queue).receipt().bytes();
            for (int bit = 0; bit < genuine.length * 8; bit++) {
                byte[] forged = genuine.clone();
                forged[bit / 8] ^= (byte) (1 << bit % 8);

                assertThatExceptionOfType(InvalidReceiptException.class)
                        .as("bit " + bit)
                        .isThrownBy(() -> queue.ack(ReceiptHandle.of(forged)));
            }
            assertThat(queue.ack(ReceiptHandle.of(genuine))).isTrue();
        }

        @Test
        void shouldBeRefusedByEveryOperation() {
            delivered(queue);

            shouldBeRefusedEverywhere(ReceiptHandle.of(new byte[ReceiptHandle.LENGTH]));
        }

        @Test
        void shouldBeRefusedAsTextThatNoEngineWrites() {
            for (String text : List.of("", "x", "a".repeat(53), "a".repeat(55), "!".repeat(54), "a".repeat(10_000))) {
                assertThatExceptionOfType(InvalidReceiptException.class)
                        .isThrownBy(() -> ReceiptHandle.parse(text))
                        .withMessageStartingWith("receipt is malformed: receipt=")
                        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(120));
            }
        }
    }

    @Nested
    class FromElsewhere {
        @Test
        void shouldBeRefusedIfOfAnotherQueue() {
            delivered(queue);

            shouldBeRefusedEverywhere(delivered(engine.queue("bills")).receipt());
        }

        @Test
        void shouldBeRefusedIfOfAnotherEngine() {
            delivered(queue);
            try (TestEngine other = TestEngine.inMemory()) {
                shouldBeRefusedEverywhere(delivered(other.queue("orders")).receipt());
            }
        }

        @Test
        void shouldBeRefusedIfOfAnEarlierQueueOfThatName() {
            ReceiptHandle earlier = delivered(queue).receipt();
            engine.catalog().delete("orders");
            MessageQueue recreated = engine.queue("orders");
            delivered(recreated);

            assertThatExceptionOfType(InvalidReceiptException.class).isThrownBy(() -> recreated.ack(earlier));
            assertThat(recreated.admin().stats().inFlight()).isEqualTo(1);
        }

        @Test
        void shouldKeepABatchFromBeginningIfOneIsRefused() {
            List<ReceiptHandle> receipts = new ArrayList<>();
            receipts.add(delivered(queue).receipt());
            receipts.add(delivered(engine.queue("bills")).receipt());

            assertThatExceptionOfType(InvalidReceiptException.class).isThrownBy(() -> queue.ackAll(receipts));
            assertThatExceptionOfType(InvalidReceiptException.class)
                    .isThrownBy(() -> queue.retryAllAfter(receipts, ZERO));
            assertThat(queue.admin().stats().inFlight()).isEqualTo(1);
        }
    }

    @Nested
    class TooLate {
        private void shouldBeAnsweredWithFalse(ReceiptHandle receipt) {
            assertThat(queue.ack(receipt)).isFalse();
            assertThat(queue.retryAfter(receipt, ZERO)).isFalse();
            assertThat(queue.extend(receipt, ofSeconds(1))).isFalse();
            assertThat(queue.deadLetter(receipt, "reason")).isFalse();
        }

        @Test
        void shouldBeAnsweredWithFalseAfterAnAck() {
            Delivery delivery = delivered(queue);
            delivery.ack();

            shouldBeAnsweredWithFalse(delivery.receipt());
        }

        @Test
        void shouldBeAnsweredWithFalseAfterAPurge() {
            Delivery delivery = delivered(queue);
            assertThat(queue.admin().purge()).isEqualTo(1);

            shouldBeAnsweredWithFalse(delivery.receipt());
        }

        @Test
        void shouldBeAnsweredWithFalseWhenThePlaceOfItsMessageServesAnother() {
            Delivery delivery = delivered(queue);
            delivery.ack();
            for (int i = 0; i < 10_000; i++) {
                delivered(queue).ack();
            }
            queue.send("alive");

            shouldBeAnsweredWithFalse(delivery.receipt());
            assertThat(queue.receive(10)).hasSize(1);
        }
    }
}
