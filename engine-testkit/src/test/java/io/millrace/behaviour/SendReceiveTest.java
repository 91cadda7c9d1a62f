package io.millrace.behaviour;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import io.millrace.api.Message;
import io.millrace.api.MessageId;
import io.millrace.api.ReceiveRefusedException;
import io.millrace.api.Refusal;
import io.millrace.api.SendRefusedException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.SendResult;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.TestEngine;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sending, receiving, acknowledging, hiding, delaying and keeping, in the heap tier. */
@ExtendWith(LeakCheck.class)
class SendReceiveTest {
    private static final Duration TIMEOUT = ofSeconds(30);

    private final TestEngine engine = TestEngine.inMemory();
    private final ManualClock clock = engine.clock();
    private final MessageQueue queue = engine.queue("orders");

    @AfterEach
    void close() {
        engine.close();
    }

    private void send(String... texts) {
        for (String text : texts) {
            queue.send(text);
        }
    }

    private void configure(UnaryOperator<QueueConfig> change) {
        queue.admin().update(change);
    }

    private List<String> received(int max) {
        return queue.receive(max).stream().map(Delivery::text).toList();
    }

    private Delivery receiveOne() {
        List<Delivery> received = queue.receive(1);
        assertThat(received).hasSize(1);
        return received.get(0);
    }

    @Nested
    class Sending {
        @Test
        void shouldDeliverWhatWasSent() {
            Attributes attributes = Attributes.of(
                            "tenant", Attribute.string("acme").withSuffix("name"))
                    .with("price", Attribute.number("1.50"))
                    .with("key", Attribute.binary(new byte[] {0, -1, 7}));
            MessageId id = queue.send(Message.text("größer €").withAttributes(attributes));

            Delivery delivery = receiveOne();

            assertThat(delivery.id()).isEqualTo(id);
            assertThat(delivery.text()).isEqualTo("größer €");
            assertThat(delivery.attributes()).isEqualTo(attributes);
            assertThat(delivery.receiveCount()).isEqualTo(1);
            assertThat(delivery.sentAt()).isEqualTo(ManualClock.START);
            assertThat(delivery.firstReceivedAt()).isEqualTo(ManualClock.START);
            assertThat(delivery.deadLetterSource()).isEmpty();
            assertThat(delivery.deadLetterReason()).isEmpty();
        }

        @Test
        void shouldDeliverBytesAsTheyAreAndACopyOfThemEachTime() {
            byte[] payload = {0, -128, 127, 10};
            queue.send(Message.bytes(payload));
            Delivery delivery = receiveOne();

            delivery.bytes()[0] = 99;

            assertThat(delivery.bytes()).containsExactly(payload);
        }

        @Test
        void shouldDeliverMessagesOfAnySizeUpToTheLimit() {
            configure(c -> c.withMaxMessageBytes(3 << 20));
            for (int length : new int[] {1, 7, 8, 9, 4_095, 4_096, 65_536, 262_144, 1 << 20, 3 << 20}) {
                byte[] payload = new byte[length];
                payload[0] = 1;
                payload[length - 1] = 2;
                queue.send(Message.bytes(payload));

                Delivery delivery = receiveOne();

                assertThat(delivery.bytes()).isEqualTo(payload);
                assertThat(delivery.ack()).isTrue();
            }
        }

        @Test
        void shouldGiveEveryMessageAnIdOfItsOwn() {
            Set<MessageId> ids = new HashSet<>();
            for (int i = 0; i < 1_000; i++) {
                ids.add(queue.send("same"));
                ids.add(engine.queue("other").send("same"));
            }

            assertThat(ids).hasSize(2_000);
        }

        @Test
        void shouldAnswerABatchInItsOrder() {
            configure(c -> c.withMaxMessageBytes(5));

            List<SendResult> results =
                    queue.sendAll(List.of(Message.text("one"), Message.text("too long"), Message.text("three")));

            assertThat(results).extracting(SendResult::isAccepted).containsExactly(true, false, true);
            assertThat(received(10)).containsExactly("one", "three");
        }

        @Test
        void shouldTakeAnEmptyBatch() {
            assertThat(queue.sendAll(List.of())).isEmpty();
        }

        @Test
        void shouldCountAttributesAgainstTheSizeOfAMessage() {
            Message message = Message.text("1234").with("n", "12");
            int size = 4 + message.attributes().length();

            configure(c -> c.withMaxMessageBytes(size));
            assertThat(queue.trySend(message).isAccepted()).isTrue();

            configure(c -> c.withMaxMessageBytes(size - 1));
            assertThat(queue.trySend(message)).isInstanceOfSatisfying(SendResult.Refused.class, refused -> {
                assertThat(refused.why().reason()).isEqualTo(Refusal.Reason.MESSAGE_TOO_LARGE);
                assertThat(refused.why().detail()).contains("queue=orders", "maxMessageBytes=" + (size - 1));
            });
        }

        @Test
        void shouldRefuseWhatIsTooLargeWithoutWaiting() {
            configure(c -> c.withMaxMessageBytes(3));

            assertThatExceptionOfType(SendRefusedException.class)
                    .isThrownBy(() -> queue.send("four"))
                    .satisfies(e -> assertThat(e.refusal().isTransient()).isFalse());
            assertThat(queue.admin().stats().sent()).isZero();
        }

        @Test
        void shouldRefuseBeyondTheBacklogUntilAMessageHasLeft() {
            configure(c -> c.withMaxBacklog(2));
            send("one");
            queue.send(Message.text("two").withDelay(TIMEOUT));

            SendResult full = queue.trySend(Message.text("three"));
            assertThat(full)
                    .isInstanceOfSatisfying(
                            SendResult.Refused.class,
                            refused -> assertThat(refused.why())
                                    .hasToString("reason=BACKLOG_LIMIT queue=orders maxBacklog=2"));
            Delivery inFlight = receiveOne();
            assertThat(queue.trySend(Message.text("three")).isAccepted()).isFalse();

            inFlight.ack();
            assertThat(queue.trySend(Message.text("three")).isAccepted()).isTrue();
        }
    }

    @Nested
    class Receiving {
        @Test
        void shouldReturnNothingWhereNothingIs() {
            assertThat(queue.receive(10)).isEmpty();
            assertThat(queue.receive(10, ZERO)).isEmpty();
        }

        @Test
        void shouldReturnTheOldestFirstAndNoMoreThanAsked() {
            send("1", "2", "3", "4");

            assertThat(received(3)).containsExactly("1", "2", "3");
            assertThat(received(3)).containsExactly("4");
        }

        @Test
        void shouldKeepTheOrderOverManyChunks() {
            for (int i = 0; i < 1_000; i++) {
                queue.send("m" + i);
            }

            List<String> all = received(1_000);

            assertThat(all).hasSize(1_000).startsWith("m0", "m1").endsWith("m999");
            assertThat(all)
                    .isSortedAccordingTo((a, b) ->
                            Integer.compare(Integer.parseInt(a.substring(1)), Integer.parseInt(b.substring(1))));
        }

        @Test
        void shouldHideAMessageUntilItsTimeoutIsOverAndNotLonger() {
            send("one");
            receiveOne();

            clock.advance(TIMEOUT.minusMillis(1));
            assertThat(queue.receive(1)).isEmpty();

            clock.advance(ofMillis(1));
            Delivery again = receiveOne();
            assertThat(again.receiveCount()).isEqualTo(2);
            assertThat(again.firstReceivedAt()).isEqualTo(ManualClock.START);
        }

        @Test
        void shouldReturnMessagesThatCameBackBeforeNewerOnes() {
            send("1", "2", "3");
            received(2);
            send("4");
            clock.advance(TIMEOUT);

            assertThat(received(10)).containsExactly("1", "2", "3", "4");
        }

        @Test
        void shouldHideForAsLongAsTheReceiveSays() {
            send("one");
            queue.receive(ReceiveOptions.upTo(1).withVisibilityTimeout(ofSeconds(5)));

            clock.advance(ofSeconds(5).minusMillis(1));
            assertThat(queue.receive(1)).isEmpty();
            clock.advance(ofMillis(1));
            assertThat(queue.receive(1)).hasSize(1);
        }

        @Test
        void shouldOnlyCountAReceiveThatHidesForNoTime() {
            send("1", "2");
            ReceiveOptions glance = ReceiveOptions.upTo(10).withVisibilityTimeout(ZERO);

            for (int i = 1; i <= 3; i++) {
                assertThat(queue.receive(glance))
                        .extracting(Delivery::receiveCount)
                        .containsExactly(i, i);
            }
            assertThat(queue.admin().stats().visible()).isEqualTo(2);
        }

        @Test
        void shouldCountReceivesBeyondAThousand() {
            send("one");
            ReceiveOptions glance = ReceiveOptions.upTo(1).withVisibilityTimeout(ZERO);

            for (int i = 1; i <= 3_000; i++) {
                assertThat(queue.receive(glance).get(0).receiveCount()).isEqualTo(i);
            }
        }

        @Test
        void shouldUseTheVisibilityTimeoutThatIsInForceWhenItReceives() {
            send("1", "2");
            receiveOne();
            configure(c -> c.withVisibilityTimeout(ofSeconds(1)));
            receiveOne();

            clock.advance(ofSeconds(1));
            assertThat(received(10)).containsExactly("2");
        }

        @Test
        void shouldRefuseToHideBeyondTheCap() {
            configure(c -> c.withVisibilityCap(ofSeconds(60)));
            send("one");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> queue.receive(ReceiveOptions.upTo(1).withVisibilityTimeout(ofMillis(60_001))))
                    .withMessageContaining("PT1M0.001S")
                    .withMessageContaining("PT1M");
            assertThat(queue.receive(ReceiveOptions.upTo(1).withVisibilityTimeout(ofSeconds(60))))
                    .hasSize(1);
        }

        @Test
        void shouldRefuseWhenAsManyAreInFlightAsMayBe() {
            configure(c -> c.withMaxInFlight(2));
            send("1", "2", "3");

            List<Delivery> two = queue.receive(10);
            assertThat(two).hasSize(2);
            assertThatExceptionOfType(ReceiveRefusedException.class)
                    .isThrownBy(() -> queue.receive(1))
                    .satisfies(e ->
                            assertThat(e.refusal()).hasToString("reason=IN_FLIGHT_LIMIT queue=orders maxInFlight=2"));

            two.get(1).ack();
            assertThat(received(10)).containsExactly("3");
        }
    }

    @Nested
    class Acknowledging {
        @Test
        void shouldEndAMessageOnce() {
            send("one");
            Delivery delivery = receiveOne();

            assertThat(delivery.ack()).isTrue();
            assertThat(delivery.ack()).isFalse();
            clock.advance(ofHours(1));
            assertThat(queue.receive(1)).isEmpty();
        }

        @Test
        void shouldEndAMessageWhoseTimeoutIsOver() {
            send("one");
            Delivery delivery = receiveOne();
            clock.advance(TIMEOUT);

            assertThat(delivery.ack()).isTrue();
            assertThat(queue.receive(1)).isEmpty();
        }

        @Test
        void shouldEndAMessageByAnyOfItsReceipts() {
            send("one");
            ReceiptHandle first = receiveOne().receipt();
            clock.advance(TIMEOUT);
            Delivery second = receiveOne();

            assertThat(second.receipt()).isNotEqualTo(first);
            assertThat(queue.ack(ReceiptHandle.parse(first.toString()))).isTrue();
            assertThat(second.ack()).isFalse();
        }

        @Test
        void shouldAnswerABatchInItsOrder() {
            send("1", "2", "3");
            List<Delivery> deliveries = queue.receive(3);
            deliveries.get(1).ack();

            assertThat(queue.ackAll(deliveries.stream().map(Delivery::receipt).toList()))
                    .containsExactly(true, false, true);
            assertThat(queue.ackAll(List.of())).isEmpty();
        }

        @Test
        void shouldLeaveTheOthersOfAChunkAlone() {
            for (int i = 0; i < 130; i++) {
                queue.send("m" + i);
            }
            List<Delivery> all = queue.receive(130);
            all.stream().filter(d -> !d.text().equals("m64")).forEach(Delivery::ack);
            clock.advance(TIMEOUT);

            assertThat(received(130)).containsExactly("m64");
        }
    }

    @Nested
    class Hiding {
        @Test
        void shouldExtendFromNowWhateverWasLeft() {
            send("one");
            Delivery delivery = receiveOne();
            clock.advance(ofSeconds(20));

            assertThat(delivery.extend(ofSeconds(20))).isTrue();

            clock.advance(ofSeconds(19));
            assertThat(queue.receive(1)).isEmpty();
            clock.advance(ofSeconds(1));
            assertThat(queue.receive(1)).hasSize(1);
        }

        @Test
        void shouldShortenAsWell() {
            send("one");
            Delivery delivery = receiveOne();

            assertThat(delivery.extend(ofSeconds(1))).isTrue();

            clock.advance(ofSeconds(1));
            assertThat(queue.receive(1)).hasSize(1);
        }

        @Test
        void shouldGiveBackAtOnceOrAfterADelay() {
            send("1", "2");
            List<Delivery> both = queue.receive(2);

            assertThat(both.get(1).retryAfter(ZERO)).isTrue();
            assertThat(both.get(0).retryAfter(ofSeconds(5))).isTrue();

            assertThat(received(10)).containsExactly("2");
            clock.advance(ofSeconds(5));
            assertThat(received(10)).containsExactly("1");
        }

        @Test
        void shouldGiveBackToTheOldPlace() {
            send("1", "2", "3");
            Delivery first = receiveOne();
            first.retryAfter(ZERO);

            assertThat(received(10)).containsExactly("1", "2", "3");
        }

        @Test
        void shouldChangeTheCurrentFlightByAnEarlierDelivery() {
            send("one");
            Delivery earlier = receiveOne();
            clock.advance(TIMEOUT);
            receiveOne();

            assertThat(earlier.retryAfter(ZERO)).isTrue();
            assertThat(queue.receive(1)).hasSize(1);
        }

        @Test
        void shouldAnswerFalseWhenThereIsNoFlight() {
            send("one");
            Delivery delivery = receiveOne();
            clock.advance(TIMEOUT);

            assertThat(delivery.extend(ofSeconds(1))).isFalse();
            assertThat(delivery.retryAfter(ZERO)).isFalse();
            assertThat(queue.receive(1)).as("it was not hidden again").hasSize(1);
            delivery.ack();
            assertThat(delivery.extend(ofSeconds(1))).isFalse();
        }

        @Test
        void shouldCountTheCapFromTheReceiveThatBeganTheFlight() {
            configure(c -> c.withVisibilityCap(ofSeconds(60)));
            send("one");
            Delivery delivery = receiveOne();
            clock.advance(ofSeconds(20));
            delivery.extend(ofSeconds(30));
            clock.advance(ofSeconds(20));

            assertThatIllegalArgumentException().isThrownBy(() -> delivery.extend(ofMillis(20_001)));
            assertThat(delivery.extend(ofSeconds(20))).isTrue();

            clock.advance(ofSeconds(20));
            Delivery next = receiveOne();
            assertThat(next.extend(ofSeconds(60))).as("a new flight").isTrue();
        }

        @Test
        void shouldAnswerABatchInItsOrderAlsoBeyondTheCapOfOneFlight() {
            configure(c -> c.withVisibilityCap(ofSeconds(60)));
            send("1", "2", "3");
            Delivery old = receiveOne();
            clock.advance(ofSeconds(10));
            List<Delivery> fresh = queue.receive(2);
            fresh.get(0).ack();
            List<ReceiptHandle> receipts =
                    List.of(old.receipt(), fresh.get(0).receipt(), fresh.get(1).receipt());

            assertThat(queue.extendAll(receipts, ofSeconds(55))).containsExactly(false, false, true);
            assertThat(queue.retryAllAfter(receipts, ZERO)).containsExactly(true, false, true);
            assertThatIllegalArgumentException().isThrownBy(() -> queue.extendAll(receipts, ofSeconds(61)));
            assertThatIllegalArgumentException().isThrownBy(() -> queue.retryAllAfter(receipts, ofMillis(-1)));
        }
    }

    @Nested
    class Delaying {
        @Test
        void shouldHideANewMessageUntilItsDelayIsOver() {
            queue.send(Message.text("later").withDelay(ofSeconds(5)));
            send("now");

            assertThat(received(10)).containsExactly("now");
            clock.advance(ofSeconds(5).minusMillis(1));
            assertThat(queue.receive(10)).isEmpty();
            clock.advance(ofMillis(1));
            assertThat(received(10)).containsExactly("later");
        }

        @Test
        void shouldUseTheDelayOfTheQueueUnlessTheMessageSaysOtherwise() {
            configure(c -> c.withDelay(ofSeconds(5)));
            send("queue's");
            queue.send(Message.text("own").withDelay(ofSeconds(1)));
            queue.send(Message.text("none").withDelay(ZERO));

            assertThat(received(10)).containsExactly("none");
            clock.advance(ofSeconds(1));
            assertThat(received(10)).containsExactly("own");
            clock.advance(ofSeconds(4));
            assertThat(received(10)).containsExactly("queue's");
        }

        @Test
        void shouldLeaveMessagesThatAreThereAloneWhenTheDelayChanges() {
            configure(c -> c.withDelay(ofSeconds(5)));
            send("old");
            configure(c -> c.withDelay(ZERO));
            send("new");

            assertThat(received(10)).containsExactly("new");
        }

        @Test
        void shouldDeliverInOrderOfSendingWhenDelaysEndTogether() {
            queue.send(Message.text("1").withDelay(ofSeconds(2)));
            clock.advance(ofSeconds(1));
            queue.send(Message.text("2").withDelay(ofSeconds(1)));
            clock.advance(ofSeconds(1));

            assertThat(received(10)).containsExactly("1", "2");
        }

        @Test
        void shouldBearTheLongestDelay() {
            configure(c -> c.withRetention(ofDays(365)));
            queue.send(Message.text("far").withDelay(ofDays(90)));

            clock.advance(ofDays(90).minusMillis(1));
            assertThat(queue.receive(1)).isEmpty();
            clock.advance(ofMillis(1));
            assertThat(queue.receive(1)).hasSize(1);
        }
    }

    @Nested
    class Keeping {
        private void sendOneOfEachKind() {
            queue.send("in flight");
            assertThat(queue.receive(ReceiveOptions.upTo(1).withVisibilityTimeout(ofHours(12))))
                    .hasSize(1);
            queue.send("visible");
            queue.send(Message.text("delayed").withDelay(ofDays(30)));
        }

        @Test
        void shouldDropWhateverItsStateWhenItsRetentionIsOver() {
            sendOneOfEachKind();

            clock.advance(ofDays(4).minusMillis(1));
            assertThat(queue.admin().peek(10)).hasSize(3);

            clock.advance(ofMillis(1));
            assertThat(queue.admin().peek(10)).isEmpty();
            assertThat(queue.admin().stats().expired()).isEqualTo(3);
        }

        @Test
        void shouldAnswerFalseToWhoeverActsOnWhatHasExpired() {
            configure(c -> c.withRetention(ofSeconds(10)));
            send("one");
            Delivery delivery = receiveOne();
            clock.advance(ofSeconds(10));

            assertThat(delivery.extend(ofSeconds(1))).isFalse();
            assertThat(delivery.ack()).isFalse();
            clock.advance(TIMEOUT);
            assertThat(queue.receive(1)).isEmpty();
        }

        @Test
        void shouldApplyAShorterRetentionToWhatIsThereAtOnce() {
            sendOneOfEachKind();
            clock.advance(ofSeconds(10));
            send("young");

            configure(c -> c.withRetention(ofSeconds(10)));

            assertThat(queue.admin().peek(10)).extracting(PeekedMessage::text).containsExactly("young");
        }

        @Test
        void shouldMakeRoomAtOnceWhenAShorterRetentionEmptiesAFullQueue() {
            configure(c -> c.withMaxBacklog(1));
            send("old");
            clock.advance(ofSeconds(10));

            configure(c -> c.withRetention(ofSeconds(10)));

            assertThat(queue.trySend(Message.text("new")).isAccepted()).isTrue();
        }

        @Test
        void shouldApplyALongerRetentionToWhatIsThere() {
            configure(c -> c.withRetention(ofSeconds(10)));
            send("one");
            clock.advance(ofSeconds(9));
            configure(c -> c.withRetention(ofSeconds(20)));

            clock.advance(ofSeconds(10));
            assertThat(queue.admin().peek(1)).hasSize(1);
            clock.advance(ofSeconds(1));
            assertThat(queue.admin().peek(1)).isEmpty();
        }
    }

    @Nested
    class GivenManyMessages {
        @Test
        void shouldServeABacklogOfAHundredThousand() {
            int count = 100_000;
            for (int i = 0; i < count; i++) {
                queue.send("x");
            }
            assertThat(queue.admin().stats().visible()).isEqualTo(count);

            int acked = 0;
            for (List<Delivery> some = queue.receive(1_000); !some.isEmpty(); some = queue.receive(1_000)) {
                acked += (int) some.stream().filter(Delivery::ack).count();
            }

            assertThat(acked).isEqualTo(count);
            assertThat(engine.stats().logLiveBytes()).isZero();
        }
    }
}
