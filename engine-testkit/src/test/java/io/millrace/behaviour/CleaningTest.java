package io.millrace.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.EngineConfig;
import io.millrace.api.EngineStats;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.TestEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A few messages that stay amid many that end: they move to other memory, and nobody notices. */
@ExtendWith(LeakCheck.class)
class CleaningTest {
    private static final int MESSAGES = 60_000;
    private static final int EVERY = 100;
    private static final String FILLING = "x".repeat(400);

    private final TestEngine engine =
            TestEngine.inMemory(EngineConfig.defaults().withOffHeapLimit(64L << 20));
    private final ManualClock clock = engine.clock();
    private final MessageQueue queue = engine.queue("orders", c -> c.withVisibilityTimeout(ofHours(1)));

    @AfterEach
    void close() {
        engine.close();
    }

    private static String text(int number) {
        return number + FILLING;
    }

    /** What is left after all but every hundredth of many messages were acknowledged: deliveries that nobody answered. */
    private List<Delivery> leaveEveryHundredth() {
        List<Delivery> left = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            queue.send(text(i));
            Delivery delivery = queue.receive(1).get(0);
            if (i % EVERY == 0) {
                left.add(delivery);
            } else {
                delivery.ack();
            }
        }
        return left;
    }

    private void clean() {
        EngineStats before = engine.stats();
        assertThat(before.logBytes()).isGreaterThan(20L << 20);
        clock.advance(ofSeconds(2));
        assertThat(engine.stats().logBytes()).isLessThan(before.logBytes() - (4 << 20));
        assertThat(engine.stats().logLiveBytes()).isEqualTo(before.logLiveBytes());
    }

    /** Writes over all memory that is free. */
    private void overwrite() {
        MessageQueue other = engine.queue("other");
        for (int i = 0; i < MESSAGES; i++) {
            other.send("overwritten" + FILLING);
            other.receive(1).get(0).ack();
        }
    }

    @Nested
    class MessagesThatStay {
        @Test
        void shouldKeepTheirFlightsAndReceipts() {
            List<Delivery> left = leaveEveryHundredth();
            clean();
            overwrite();

            assertThat(queue.receive(1)).isEmpty();
            assertThat(left.get(0).ack()).isTrue();
            assertThat(left.get(1).extend(ofHours(2))).isTrue();
            assertThat(left.get(2).retryAfter(ZERO)).isTrue();
            assertThat(queue.receive(10)).singleElement().satisfies(again -> {
                assertThat(again.text()).isEqualTo(text(2 * EVERY));
                assertThat(again.receiveCount()).isEqualTo(2);
                assertThat(again.ack()).isTrue();
            });
            clock.advance(ofHours(1));
            assertThat(queue.receive(1_000))
                    .extracting(Delivery::text)
                    .containsExactlyElementsOf(left.subList(3, left.size()).stream()
                            .map(Delivery::text)
                            .toList());
        }

        @Test
        void shouldKeepTheirDelaysAndTheirPlaces() {
            queue.send(Message.text("delayed" + FILLING).withDelay(ofSeconds(30)));
            List<Delivery> left = leaveEveryHundredth();
            left.forEach(delivery -> delivery.retryAfter(ZERO));
            clean();
            overwrite();

            assertThat(queue.admin().peek(1_000))
                    .hasSize(left.size() + 1)
                    .allSatisfy(peeked ->
                            assertThat(new String(peeked.bytes(), UTF_8)).endsWith(FILLING));
            assertThat(queue.receive(1_000))
                    .extracting(Delivery::text)
                    .containsExactlyElementsOf(left.stream().map(Delivery::text).toList());
            clock.advance(ofSeconds(28));
            assertThat(queue.receive(10)).extracting(Delivery::text).containsExactly("delayed" + FILLING);
        }

        @Test
        void shouldStayReadableForAHandlerWhileTheyMove() {
            leaveEveryHundredth().forEach(delivery -> delivery.retryAfter(ZERO));
            List<String> seen = new ArrayList<>();
            try (RawReceiver receiver = queue.raw().receiver()) {
                receiver.poll(
                        (delivery, payload, offset, length, last) -> {
                            if (seen.isEmpty()) {
                                clean();
                                overwrite();
                            }
                            byte[] bytes = new byte[length];
                            payload.get(offset, bytes);
                            seen.add(new String(bytes, UTF_8));
                            return Disposition.ACK;
                        },
                        1_000);
            }

            assertThat(seen).hasSize(MESSAGES / EVERY);
            for (int i = 0; i < seen.size(); i++) {
                assertThat(seen.get(i)).isEqualTo(text(i * EVERY));
            }
        }
    }

    @Nested
    class AtTheLimit {
        @Test
        void shouldTakeNewMessagesAtOnceWhereOldOnesHaveEnded() {
            List<Delivery> all = new ArrayList<>();
            while (queue.trySend(Message.text(text(all.size()))).isAccepted()) {
                all.add(queue.receive(ReceiveOptions.upTo(1)).get(0));
            }
            for (int i = 0; i < all.size(); i++) {
                if (i % 4 != 0) {
                    all.get(i).ack();
                }
            }

            int more = 0;
            while (queue.trySend(Message.text(text(more))).isAccepted()) {
                more++;
            }

            assertThat(more).isGreaterThan(all.size() / 2);
            assertThat(queue.receive(1_000_000)).hasSize(more);
            assertThat(engine.stats().offHeapBytes()).isLessThanOrEqualTo(64L << 20);
        }
    }
}
