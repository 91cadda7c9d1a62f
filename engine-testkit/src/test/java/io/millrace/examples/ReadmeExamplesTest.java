package io.millrace.examples;

import static java.lang.System.lineSeparator;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Engine;
import io.millrace.api.Durability;
import io.millrace.api.Message;
import io.millrace.api.queue.ConsumerConfig;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConsumer;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import io.millrace.testkit.TestEngine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the README, which {@link ReadmeSnippetsTest} compares with its text. */
class ReadmeExamplesTest {
    @Test
    void shouldSendReceiveAndAcknowledge() {
        assertThat(printedBy(ReadmeExamplesTest::sendReceiveAndAcknowledge)).isEqualTo("order 42" + lineSeparator());
    }

    private static String printedBy(Runnable example) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            example.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(UTF_8);
    }

    private static void sendReceiveAndAcknowledge() {
        // snippet: first-queue
        try (Engine engine = Engine.inMemory()) {
            MessageQueue orders = engine.queue("orders");
            orders.send("order 42");

            for (Delivery delivery : orders.receive(10)) {
                System.out.println(delivery.text());
                delivery.ack();
            }
        }
        // end
    }

    @Test
    void shouldKeepMessagesInADirectory(@TempDir Path temporary) {
        Path directory = temporary.resolve("data");
        // snippet: durable
        try (Engine engine = Engine.open(directory, Durability.POWER_LOSS)) {
            engine.queue("orders").send("order 44"); // on the disk when this returns
        }
        // end
        try (Engine engine = Engine.open(directory, Durability.POWER_LOSS)) {
            assertThat(engine.queue("orders").receive(1))
                    .extracting(Delivery::text)
                    .containsExactly("order 44");
        }
    }

    @Test
    void shouldConsumeWithADeadLetterQueue() throws InterruptedException {
        CountDownLatch processed = new CountDownLatch(1);
        try (Engine engine = Engine.inMemory()) {
            // snippet: dead-letters
            engine.queue("orders-dead");
            MessageQueue orders = engine.queue(
                    "orders",
                    c -> c.withVisibilityTimeout(Duration.ofSeconds(20))
                            .withRedrive(new RedrivePolicy("orders-dead", 3)));

            QueueConsumer consumer = orders.consume(
                    ConsumerConfig.defaults().withConcurrency(4),
                    batch -> batch.forEach(delivery -> process(delivery.text(), processed)));
            // end

            orders.send("one");
            assertThat(processed.await(10, TimeUnit.SECONDS)).isTrue();
            consumer.close();
            assertThat(orders.admin().stats().acked()).isEqualTo(1);
        }
    }

    private static void process(String text, CountDownLatch processed) {
        assertThat(text).isEqualTo("one");
        processed.countDown();
    }

    @Test
    void shouldSendAttributesAndDelays() {
        try (Engine engine = Engine.inMemory()) {
            MessageQueue orders = engine.queue("orders");
            // snippet: messages
            orders.send(Message.text("order 43").with("customer", 7).with("region", "eu"));
            orders.send(Message.bytes(new byte[] {1, 2, 3}).withDelay(Duration.ofMinutes(5)));
            // end

            assertThat(orders.receive(10)).singleElement().satisfies(delivery -> {
                assertThat(delivery.attributes().text("region")).contains("eu");
                assertThat(delivery.attributes().text("customer")).contains("7");
            });
            assertThat(orders.admin().stats().delayed()).isEqualTo(1);
        }
    }

    @Test
    void shouldMoveTimeByHand() {
        // snippet: virtual-time
        try (TestEngine engine = TestEngine.inMemory()) {
            MessageQueue queue = engine.queue("q", c -> c.withVisibilityTimeout(Duration.ofSeconds(30)));
            queue.send("a");
            queue.receive(1);
            engine.clock().advance(Duration.ofSeconds(31));
            assertThat(queue.receive(1)).hasSize(1);
        }
        // end
    }

    @Test
    void shouldClaimAndPollWithoutCopies() {
        long orderId = 42;
        int quantity = 7;
        List<String> shipped = new ArrayList<>();
        try (Engine engine = Engine.inMemory()) {
            MessageQueue orders = engine.queue("orders");
            // snippet: raw-tier
            RawSender sender = orders.raw().sender();
            Claim claim = sender.newClaim();
            if (sender.tryClaim(12, claim) >= 0) {
                claim.buffer().putLong(claim.offset(), orderId);
                claim.buffer().putInt(claim.offset() + 8, quantity);
                claim.commit();
            }

            RawReceiver receiver = orders.raw().receiver();
            receiver.poll(
                    (delivery, payload, offset, length, endOfPoll) -> {
                        ship(payload.getLong(offset), payload.getInt(offset + 8), shipped);
                        return Disposition.ACK;
                    },
                    256);
            // end

            sender.close();
            receiver.close();
        }

        assertThat(shipped).containsExactly("42 x 7");
    }

    private static void ship(long orderId, int quantity, List<String> shipped) {
        shipped.add(orderId + " x " + quantity);
    }
}
