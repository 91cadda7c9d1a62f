package io.millrace.behaviour;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.Engine;
import io.millrace.api.Message;
import io.millrace.api.Refusal;
import io.millrace.api.SendRefusedException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.TestEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;

/** Threads that are interrupted: waits end, everything else works, and the interrupt is never swallowed. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class InterruptTest {
    private final TestEngine engine = TestEngine.inMemory();
    private final MessageQueue queue = engine.queue("orders");

    @AfterEach
    void close() {
        engine.close();
    }

    /** What a wait came back with, and whether the thread was still interrupted then. */
    private record Outcome(List<String> texts, boolean interrupted) {}

    private Outcome waitFor(MessageQueue from, long seconds) {
        List<String> texts = from.receive(10, ofSeconds(seconds)).stream()
                .map(Delivery::text)
                .toList();
        return new Outcome(texts, Thread.interrupted());
    }

    @Nested
    class Waiting {
        @Test
        void shouldEndTheWaitForAMessageWithNothing() throws Exception {
            Background<Outcome> waiting = Background.run(() -> waitFor(queue, 600));
            Background.await("it waits", () -> queue.admin().stats().waitingReceivers() == 1);

            waiting.interrupt();

            assertThat(waiting.result()).isEqualTo(new Outcome(List.of(), true));
            assertThat(queue.admin().stats().waitingReceivers()).isZero();
        }

        @Test
        void shouldNotWaitAtAllIfInterruptedBefore() throws Exception {
            Background<Outcome> waiting = Background.run(() -> {
                Thread.currentThread().interrupt();
                return waitFor(queue, 600);
            });

            assertThat(waiting.result()).isEqualTo(new Outcome(List.of(), true));
        }

        @Test
        void shouldStillReturnWhatIsThere() throws Exception {
            queue.send("there");
            Background<Outcome> waiting = Background.run(() -> {
                Thread.currentThread().interrupt();
                return waitFor(queue, 600);
            });

            assertThat(waiting.result()).isEqualTo(new Outcome(List.of("there"), true));
        }

        @Test
        void shouldLoseNothingThatIsSentAfterwards() throws Exception {
            Background<Outcome> waiting = Background.run(() -> waitFor(queue, 600));
            Background.await("it waits", () -> queue.admin().stats().waitingReceivers() == 1);
            waiting.interrupt();
            waiting.result();

            queue.send("after");

            assertThat(queue.receive(1)).extracting(Delivery::receiveCount).containsExactly(1);
        }

        @Test
        void shouldLoseNothingThatIsSentAtTheSameMoment() throws Exception {
            for (int round = 0; round < 300; round++) {
                Background<Outcome> waiting = Background.run(() -> waitFor(queue, 600));
                Background.await("it waits", () -> queue.admin().stats().waitingReceivers() == 1);
                Background<Object> sending = Background.run(() -> queue.send("one"));
                waiting.interrupt();

                sending.result();
                Outcome outcome = waiting.result();

                if (outcome.texts().isEmpty()) {
                    List<Delivery> left = queue.receive(10);
                    assertThat(left).extracting(Delivery::receiveCount).containsExactly(1);
                }
                assertThat(queue.admin().purge()).isEqualTo(1);
            }
        }

        @Test
        void shouldEndTheWaitForRoomAsItsTimeoutDoes() throws Exception {
            try (Engine real = Engine.inMemory()) {
                MessageQueue full = real.queue("full", c -> c.withMaxBacklog(1).withSendTimeout(ofMinutes(10)));
                full.send("one");
                Background<Boolean> sending = Background.run(() -> {
                    SendRefusedException refused =
                            catchThrowableOfType(SendRefusedException.class, () -> full.send("two"));
                    assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.BACKLOG_LIMIT);
                    return Thread.interrupted();
                });

                sending.interrupt();

                assertThat(sending.result()).as("still interrupted").isTrue();
                assertThat(full.admin().stats().sent()).isEqualTo(1);
            }
        }
    }

    @Nested
    class NotWaiting {
        private final List<DynamicTest> tests = new ArrayList<>();

        private void row(String what, Executable operation) {
            tests.add(DynamicTest.dynamicTest(what, () -> {
                Thread.currentThread().interrupt();
                try {
                    operation.execute();
                } finally {
                    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
                }
            }));
        }

        @TestFactory
        Stream<DynamicTest> shouldWorkAsEverAndLeaveTheInterruptSet() {
            MessageQueue dead = engine.queue("dead");
            queue.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 100)));
            for (int i = 0; i < 20; i++) {
                queue.send("m" + i);
            }
            List<Delivery> inFlight = queue.receive(8);
            RawSender sender = queue.raw().sender();
            RawReceiver receiver = queue.raw().receiver();
            Claim claim = sender.newClaim();
            ReceiptHandle receipt = inFlight.get(5).receipt();
            row("send", () -> assertThat(queue.send("x")).isNotNull());
            row(
                    "trySend",
                    () -> assertThat(queue.trySend(Message.text("x")).isAccepted())
                            .isTrue());
            row(
                    "sendAll",
                    () -> assertThat(queue.sendAll(List.of(Message.text("x")))).hasSize(1));
            row("receive", () -> assertThat(queue.receive(1)).hasSize(1));
            row("receive without wait", () -> assertThat(queue.receive(1, ZERO)).hasSize(1));
            row("ack", () -> assertThat(inFlight.get(0).ack()).isTrue());
            row("ack by receipt", () -> assertThat(queue.ack(receipt)).isTrue());
            row("retryAfter", () -> assertThat(inFlight.get(1).retryAfter(ZERO)).isTrue());
            row("extend", () -> assertThat(inFlight.get(2).extend(ofSeconds(5))).isTrue());
            row(
                    "deadLetter",
                    () -> assertThat(inFlight.get(3).deadLetter("reason")).isTrue());
            row("peek", () -> assertThat(queue.admin().peek(3)).hasSize(3));
            row("stats", () -> assertThat(queue.admin().stats().visible()).isPositive());
            row("tag", () -> queue.admin().tag(Map.of("a", "b")));
            row(
                    "update",
                    () -> assertThat(queue.admin().update(c -> c.withDelay(ZERO)))
                            .isNotNull());
            row(
                    "redrive",
                    () -> assertThat(dead.admin().redrive(RedriveRequest.toSources()))
                            .isNotNull());
            row(
                    "offer",
                    () -> assertThat(sender.offer(ByteBuffer.allocate(1), 0, 1)).isPositive());
            row("claim", () -> {
                assertThat(sender.tryClaim(1, claim)).isPositive();
                assertThat(claim.commit()).isPositive();
            });
            row(
                    "poll",
                    () -> assertThat(receiver.poll((d, p, o, l, e) -> Disposition.ACK, 1))
                            .isEqualTo(1));
            row("advance", () -> engine.clock().advance(ofSeconds(1)));
            return tests.stream();
        }
    }

    @Nested
    class Ending {
        @Test
        void shouldPurgeAndDeleteAQueue() {
            queue.send("one");
            Thread.currentThread().interrupt();

            assertThat(queue.admin().purge()).isEqualTo(1);
            engine.catalog().delete("orders");

            assertThat(Thread.interrupted()).isTrue();
            assertThat(engine.catalog().exists("orders")).isFalse();
        }

        @Test
        void shouldCloseAnEngine() {
            Engine real = Engine.inMemory();
            real.queue("orders").send("one");
            Thread.currentThread().interrupt();

            real.close();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(real.stats().offHeapBytes()).isZero();
        }
    }
}
