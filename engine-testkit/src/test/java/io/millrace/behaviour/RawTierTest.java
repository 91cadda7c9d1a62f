package io.millrace.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import io.millrace.api.Message;
import io.millrace.api.MessageId;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.TestEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The zero-allocation tier: offers, claims, polls and what a handler decides. */
@ExtendWith(LeakCheck.class)
class RawTierTest {
    private final TestEngine engine = TestEngine.inMemory();
    private final ManualClock clock = engine.clock();
    private final MessageQueue queue = engine.queue("orders");
    private final RawSender sender = queue.raw().sender();
    private final RawReceiver receiver = queue.raw().receiver();
    private final List<Long> held = new ArrayList<>();

    @AfterEach
    void close() {
        engine.close();
        sender.close();
        receiver.close();
    }

    private long offer(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return sender.offer(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    private static String text(ByteBuffer payload, int offset, int length) {
        byte[] bytes = new byte[length];
        payload.get(offset, bytes);
        return new String(bytes, UTF_8);
    }

    /** Polls once, answers everything alike, and says what was seen. */
    private List<String> poll(int limit, Disposition answer) {
        List<String> seen = new ArrayList<>();
        int count = receiver.poll(
                (delivery, payload, offset, length, last) -> {
                    seen.add(text(payload, offset, length));
                    held.add(delivery.deliveryNumber());
                    return answer;
                },
                limit);
        assertThat(count).isEqualTo(answer == Disposition.STOP ? 0 : seen.size());
        return seen;
    }

    private void write(Claim claim, String text) {
        claim.buffer().put(claim.offset(), text.getBytes(UTF_8));
    }

    @Nested
    class Offering {
        @Test
        void shouldNumberMessagesInOrder() {
            assertThat(offer("a")).isZero();
            assertThat(offer("b")).isEqualTo(1);
            assertThat(poll(10, Disposition.ACK)).containsExactly("a", "b");
        }

        @Test
        void shouldCopyThePartThatWasNamedAndLeaveTheBufferAsItWas() {
            ByteBuffer source = ByteBuffer.allocateDirect(16).put("--hello--".getBytes(UTF_8));
            int position = source.position();

            assertThat(sender.offer(source, 2, 5)).isZero();

            assertThat(source.position()).isEqualTo(position);
            assertThat(poll(1, Disposition.ACK)).containsExactly("hello");
        }

        @Test
        void shouldTakeADelayOrTheQueuesOwn() {
            queue.admin().update(c -> c.withDelay(ofSeconds(5)));
            offer("queue's");
            assertThat(sender.offer(ByteBuffer.wrap("none".getBytes(UTF_8)), 0, 4, 0))
                    .isEqualTo(1);
            assertThat(sender.offer(ByteBuffer.wrap("own!".getBytes(UTF_8)), 0, 4, 1_000))
                    .isEqualTo(2);

            assertThat(poll(10, Disposition.ACK)).containsExactly("none");
            clock.advance(ofSeconds(1));
            assertThat(poll(10, Disposition.ACK)).containsExactly("own!");
            clock.advance(ofSeconds(4));
            assertThat(poll(10, Disposition.ACK)).containsExactly("queue's");
        }

        @Test
        void shouldAnswerWithACodeWhatIsRefused() {
            queue.admin().update(c -> c.withMaxMessageBytes(3).withMaxBacklog(1));

            assertThat(offer("long")).isEqualTo(Codes.MESSAGE_TOO_LARGE);
            assertThat(offer("one")).isZero();
            assertThat(offer("two")).isEqualTo(Codes.BACKLOG_LIMIT);
            assertThat(poll(1, Disposition.ACK)).hasSize(1);
            assertThat(offer("two")).isEqualTo(1);
        }
    }

    @Nested
    class Claiming {
        private final Claim claim = sender.newClaim();

        @Test
        void shouldSendWhatWasWrittenWhenItIsCommitted() {
            assertThat(sender.tryClaim(12, claim)).isZero();
            assertThat(claim.isOpen()).isTrue();
            assertThat(claim.length()).isEqualTo(12);
            assertThat(claim.sequence()).isZero();
            assertThat(claim.buffer().order()).isEqualTo(ByteOrder.nativeOrder());
            assertThat(claim.buffer().limit()).isEqualTo(claim.offset() + 12);
            claim.buffer().putLong(claim.offset(), 42L).putInt(claim.offset() + 8, 7);
            assertThat(queue.receive(1)).as("before the commit").isEmpty();

            assertThat(claim.commit()).isZero();

            assertThat(claim.isOpen()).isFalse();
            receiver.poll(
                    (delivery, payload, offset, length, last) -> {
                        assertThat(payload.order()).isEqualTo(ByteOrder.nativeOrder());
                        assertThat(payload.getLong(offset)).isEqualTo(42L);
                        assertThat(payload.getInt(offset + 8)).isEqualTo(7);
                        return Disposition.ACK;
                    },
                    1);
        }

        @Test
        void shouldSendNothingThatWasAborted() {
            assertThat(sender.tryClaim(5, claim)).isZero();
            claim.abort();
            claim.abort();

            assertThat(claim.isOpen()).isFalse();
            assertThat(offer("next")).isEqualTo(1);
            assertThat(poll(10, Disposition.ACK)).containsExactly("next");
            assertThat(queue.admin().stats().sent()).isEqualTo(1);
        }

        @Test
        void shouldUseDelayAndAttributesForOneMessageOnly() {
            Attributes attributes = Attributes.of("n", Attribute.number(1));
            claim.delayMs(1_000).attributes(attributes);
            assertThat(sender.tryClaim(1, claim)).isZero();
            write(claim, "1");
            claim.commit();
            assertThat(sender.tryClaim(1, claim)).isEqualTo(1);
            write(claim, "2");
            claim.commit();

            assertThat(queue.receive(10)).extracting(Delivery::attributes).containsExactly(Attributes.empty());
            clock.advance(ofSeconds(1));
            assertThat(queue.receive(10)).extracting(Delivery::attributes).containsExactly(attributes);
        }

        @Test
        void shouldKeepDelayAndAttributesWhenItIsRefused() {
            queue.admin().update(c -> c.withMaxBacklog(1));
            offer("full");
            claim.delayMs(1_000);
            assertThat(sender.tryClaim(1, claim)).isEqualTo(Codes.BACKLOG_LIMIT);
            assertThat(claim.isOpen()).isFalse();
            assertThat(poll(1, Disposition.ACK)).hasSize(1);

            assertThat(sender.tryClaim(1, claim)).isEqualTo(1);
            claim.commit();

            assertThat(queue.admin().stats().delayed()).isEqualTo(1);
        }

        @Test
        void shouldBeSteppedOverUntilItIsCommittedAndThenTakeItsPlace() {
            assertThat(sender.tryClaim(5, claim)).isZero();
            offer("second");
            assertThat(queue.receive(10)).extracting(Delivery::text).containsExactly("second");
            offer("third");

            write(claim, "first");
            assertThat(claim.commit()).isZero();

            assertThat(queue.receive(10)).extracting(Delivery::text).containsExactly("first", "third");
        }

        @Test
        void shouldLetOneSenderHaveSeveralClaimsOpen() {
            Claim other = sender.newClaim();
            assertThat(sender.tryClaim(5, claim)).isZero();
            assertThat(sender.tryClaim(5, other)).isEqualTo(1);
            write(claim, "one..");
            write(other, "two..");

            other.commit();
            assertThat(poll(10, Disposition.ACK)).containsExactly("two..");
            claim.commit();
            assertThat(poll(10, Disposition.ACK)).containsExactly("one..");
        }

        @Test
        void shouldAbortWhatIsOpenWhenTheSenderIsClosed() {
            RawSender another = queue.raw().sender();
            Claim open = another.newClaim();
            assertThat(another.tryClaim(5, open)).isZero();

            another.close();

            assertThat(open.isOpen()).isFalse();
            assertThat(another.offer(ByteBuffer.wrap(new byte[1]), 0, 1)).isEqualTo(Codes.CLOSED);
            assertThat(another.tryClaim(1, open)).isEqualTo(Codes.CLOSED);
            offer("next");
            assertThat(poll(10, Disposition.ACK)).containsExactly("next");
        }

        @Test
        void shouldNotBePurgedBeforeItIsSent() {
            assertThat(sender.tryClaim(5, claim)).isZero();
            offer("sent");

            assertThat(queue.admin().purge()).isEqualTo(1);

            write(claim, "after");
            claim.commit();
            assertThat(queue.admin().peek(10)).extracting(PeekedMessage::text).containsExactly("after");
        }

        @Test
        void shouldServeAWaiterWhenItIsCommitted() {
            assertThat(sender.tryClaim(5, claim)).isZero();
            var future = queue.receiveAsync(ReceiveOptions.upTo(1).withWait(ofSeconds(10)));
            assertThat(future).isNotDone();

            write(claim, "first");
            claim.commit();

            assertThat(future)
                    .isCompletedWithValueMatching(list -> list.get(0).text().equals("first"));
        }
    }

    @Nested
    class Polling {
        @Test
        void shouldEndWhatIsAcknowledged() {
            offer("a");
            assertThat(poll(10, Disposition.ACK)).containsExactly("a");

            clock.advance(ofSeconds(60));
            assertThat(poll(10, Disposition.ACK)).isEmpty();
            assertThat(queue.admin().stats().acked()).isEqualTo(1);
        }

        @Test
        void shouldShowAgainAtOnceWhatIsRetried() {
            offer("a");
            offer("b");
            assertThat(poll(1, Disposition.RETRY)).containsExactly("a");

            assertThat(queue.receive(10)).extracting(Delivery::receiveCount).containsExactly(2, 1);
        }

        @Test
        void shouldHideWhatIsHeldForTheVisibilityTimeout() {
            offer("a");
            poll(1, Disposition.HOLD);

            clock.advance(ofSeconds(30).minusMillis(1));
            assertThat(poll(1, Disposition.ACK)).isEmpty();
            clock.advance(ofMillis(1));
            assertThat(poll(1, Disposition.ACK)).containsExactly("a");
        }

        @Test
        void shouldMoveDeadLetters() {
            engine.queue("dead");
            queue.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 5)));
            MessageId id = queue.send("a");
            poll(1, Disposition.DEAD_LETTER);

            Delivery dead = engine.queue("dead").receive(1).get(0);

            assertThat(dead.id()).isEqualTo(id);
            assertThat(dead.deadLetterSource()).contains("orders");
            assertThat(dead.receiveCount()).isEqualTo(2);
        }

        @Test
        void shouldThrowAndKeepInFlightWhatHasNoDeadLetterQueue() {
            offer("a");
            offer("b");

            assertThatIllegalStateException()
                    .isThrownBy(() -> poll(10, Disposition.DEAD_LETTER))
                    .withMessageContaining("queue=orders");
            assertThat(queue.admin().stats().inFlight()).isEqualTo(2);
        }

        @Test
        void shouldStopAndGiveTheRestBackAsIfNeverReceived() {
            for (String text : List.of("a", "b", "c", "d")) {
                offer(text);
            }
            List<String> seen = new ArrayList<>();
            int done = receiver.poll(
                    (delivery, payload, offset, length, last) -> {
                        seen.add(text(payload, offset, length));
                        return seen.size() == 2 ? Disposition.STOP : Disposition.ACK;
                    },
                    10);

            assertThat(done).isEqualTo(1);
            assertThat(seen).containsExactly("a", "b");
            assertThat(queue.admin().stats().received()).isEqualTo(1);
            assertThat(queue.receive(10)).extracting(Delivery::receiveCount).containsExactly(1, 1, 1);
        }

        @Test
        void shouldForgetAReceiveThatWasStopped() {
            queue.admin().update(c -> c.withVisibilityCap(ofSeconds(60)));
            offer("a");
            poll(1, Disposition.STOP);
            clock.advance(ofSeconds(40));

            Delivery first = queue.receive(1).get(0);

            assertThat(first.receiveCount()).isEqualTo(1);
            assertThat(first.firstReceivedAt()).isEqualTo(clock.now());
            assertThat(first.extend(ofSeconds(60))).isTrue();
        }

        @Test
        void shouldSayWhatIsKnownOfAMessage() {
            Attributes attributes = Attributes.of("n", Attribute.number(1));
            MessageId id = queue.send(Message.text("a").withAttributes(attributes));
            queue.receive(1).get(0).retryAfter(ZERO);
            offer("b");
            List<Boolean> lasts = new ArrayList<>();
            receiver.poll(
                    (delivery, payload, offset, length, last) -> {
                        if (delivery.sequence() == 0) {
                            assertThat(delivery.id()).isEqualTo(id);
                            assertThat(delivery.attributes()).isEqualTo(attributes);
                            assertThat(delivery.receiveCount()).isEqualTo(2);
                            assertThat(delivery.sentAtMs()).isEqualTo(ManualClock.START.toEpochMilli());
                            assertThat(delivery.deliveryNumber()).isNotNegative();
                        } else {
                            assertThat(delivery.attributes()).isEqualTo(Attributes.empty());
                        }
                        lasts.add(last);
                        return Disposition.ACK;
                    },
                    10);

            assertThat(lasts).containsExactly(false, true);
        }

        @Test
        void shouldReceiveNoMoreThanTheLimitAllowsInFlight() {
            queue.admin().update(c -> c.withMaxInFlight(1));
            offer("a");
            offer("b");

            assertThat(poll(10, Disposition.HOLD)).containsExactly("a");
            assertThat(receiver.poll((delivery, payload, offset, length, last) -> Disposition.ACK, 1))
                    .isEqualTo((int) Codes.IN_FLIGHT_LIMIT);
        }

        @Test
        void shouldLendPayloadsForReadingOnlyAndOnlyUntilTheHandlerReturns() {
            offer("a");
            List<ByteBuffer> kept = new ArrayList<>();
            List<Integer> offsets = new ArrayList<>();
            receiver.poll(
                    (delivery, payload, offset, length, last) -> {
                        assertThat(catchThrowable(() -> payload.put(offset, (byte) 1)))
                                .isInstanceOf(ReadOnlyBufferException.class);
                        assertThat(catchThrowable(() -> payload.get(offset + length)))
                                .isInstanceOf(IndexOutOfBoundsException.class);
                        kept.add(payload);
                        offsets.add(offset);
                        return Disposition.ACK;
                    },
                    1);

            assertThat(catchThrowable(() -> kept.get(0).get(offsets.get(0))))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }

        @Test
        void shouldKeepInFlightTheMessageAtWhichAHandlerThrewAndGiveBackTheRest() {
            for (String text : List.of("a", "b", "c")) {
                offer(text);
            }
            List<String> seen = new ArrayList<>();

            assertThatIllegalStateException()
                    .isThrownBy(() -> receiver.poll(
                            (delivery, payload, offset, length, last) -> {
                                seen.add(text(payload, offset, length));
                                if (seen.size() == 2) {
                                    throw new IllegalStateException("broken");
                                }
                                return Disposition.ACK;
                            },
                            10))
                    .withMessage("broken");

            assertThat(queue.admin().stats())
                    .satisfies(stats -> assertThat(List.of(stats.visible(), stats.inFlight(), stats.acked()))
                            .containsExactly(1L, 1L, 1L));
            assertThat(queue.receive(10)).extracting(Delivery::text).containsExactly("c");
            clock.advance(ofSeconds(30));
            assertThat(queue.receive(1)).extracting(Delivery::receiveCount).containsExactly(2);
        }

        @Test
        void shouldPollAgainAfterAHandlerThrew() {
            offer("a");
            assertThatIllegalStateException()
                    .isThrownBy(() -> receiver.poll(
                            (delivery, payload, offset, length, last) -> {
                                throw new IllegalStateException("broken");
                            },
                            1));
            offer("b");

            assertThat(poll(10, Disposition.ACK)).containsExactly("b");
        }

        @Test
        void shouldLetAHandlerSendAndUseOtherReceivers() {
            RawReceiver other = queue.raw().receiver();
            offer("a");
            List<Long> sent = new ArrayList<>();
            receiver.poll(
                    (delivery, payload, offset, length, last) -> {
                        sent.add(sender.offer(payload, offset, length));
                        sent.add((long) other.poll((d, p, o, l, e) -> Disposition.ACK, 1));
                        return Disposition.ACK;
                    },
                    1);
            other.close();

            assertThat(sent).containsExactly(1L, 1L);
        }

        @Test
        void shouldRefuseAHandlerThatPollsItsOwnReceiver() {
            offer("a");
            offer("b");

            assertThatIllegalStateException()
                    .isThrownBy(() -> receiver.poll(
                            (delivery, payload, offset, length, last) -> {
                                receiver.poll((d, p, o, l, e) -> Disposition.ACK, 1);
                                return Disposition.ACK;
                            },
                            1));
        }

        @Test
        void shouldSpanSegmentsAndChunksInOnePoll() {
            queue.admin().update(c -> c.withMaxMessageBytes(1 << 20));
            byte[] large = new byte[300_000];
            for (int i = 0; i < 200; i++) {
                byte[] payload = i % 50 == 0 ? large : new byte[2_000];
                payload[0] = (byte) i;
                assertThat(sender.offer(ByteBuffer.wrap(payload), 0, payload.length))
                        .isEqualTo(i);
            }
            List<Byte> seen = new ArrayList<>();
            receiver.poll(
                    (delivery, payload, offset, length, last) -> {
                        assertThat(length).isEqualTo(seen.size() % 50 == 0 ? 300_000 : 2_000);
                        seen.add(payload.get(offset));
                        return Disposition.ACK;
                    },
                    1_000);

            assertThat(seen).hasSize(200);
            assertThat(seen.get(199)).isEqualTo((byte) 199);
        }
    }

    @Nested
    class Holding {
        private long holdOne() {
            offer("a");
            poll(1, Disposition.HOLD);
            return held.get(0);
        }

        @Test
        void shouldAcknowledgeByNumberOnce() {
            long number = holdOne();

            assertThat(receiver.ack(number)).isZero();
            assertThat(receiver.ack(number)).isEqualTo(Codes.STALE);
        }

        @Test
        void shouldAcknowledgeByTheNumberOfAnotherReceiver() {
            long number = holdOne();
            RawReceiver other = queue.raw().receiver();

            assertThat(other.ack(number)).isZero();
            other.close();
        }

        @Test
        void shouldGiveBackAndExtendByNumber() {
            long number = holdOne();

            assertThat(receiver.extend(number, 60_000)).isZero();
            clock.advance(ofSeconds(59));
            assertThat(queue.receive(1)).isEmpty();
            assertThat(receiver.retryAfter(number, 10_000)).isZero();
            clock.advance(ofSeconds(10));
            assertThat(receiver.retryAfter(number, 0)).isEqualTo(Codes.STALE);
            assertThat(receiver.extend(number, 0)).isEqualTo(Codes.STALE);
            assertThat(queue.receive(1)).hasSize(1);
        }

        @Test
        void shouldRefuseToHideForLongerThanTheCapHoweverLong() {
            long number = holdOne();
            clock.advance(ofMillis(1));

            for (long ms : new long[] {12 * 3_600_000L, 12 * 3_600_000L + 1, Long.MAX_VALUE / 2, Long.MAX_VALUE}) {
                assertThatIllegalArgumentException().as("ms=" + ms).isThrownBy(() -> receiver.extend(number, ms));
                assertThatIllegalArgumentException().as("ms=" + ms).isThrownBy(() -> receiver.retryAfter(number, ms));
            }
            clock.advance(ofSeconds(30));
            assertThat(queue.receive(1)).as("nothing was changed").hasSize(1);
        }

        @Test
        void shouldStayInFlightWhenTheReceiverIsClosed() {
            RawReceiver other = queue.raw().receiver();
            offer("a");
            other.poll((delivery, payload, offset, length, last) -> Disposition.HOLD, 1);
            other.close();

            assertThat(queue.admin().stats().inFlight()).isEqualTo(1);
            assertThat(other.poll((delivery, payload, offset, length, last) -> Disposition.ACK, 1))
                    .isEqualTo((int) Codes.CLOSED);
            assertThat(other.ack(0)).isEqualTo(Codes.CLOSED);
        }
    }

    @Nested
    class Threads {
        @Test
        void shouldRefuseASecondThread() throws Exception {
            offer("a");
            poll(1, Disposition.RETRY);

            Background<String> other = Background.run(() -> {
                assertThatIllegalStateException()
                        .isThrownBy(() -> offer("b"))
                        .withMessageContaining("confined to one thread");
                assertThatIllegalStateException().isThrownBy(() -> poll(1, Disposition.ACK));
                assertThatIllegalStateException().isThrownBy(sender::close);
                return "refused";
            });

            assertThat(other.result()).isEqualTo("refused");
            assertThat(poll(10, Disposition.ACK)).containsExactly("a");
        }
    }
}
