package io.millrace.behaviour;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.api.ConfigurationConflictException;
import io.millrace.api.EngineConfig;
import io.millrace.api.Message;
import io.millrace.api.UnknownQueueException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.RedriveAllow;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawHandler;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.TestEngine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** What nobody should ask for: answered by an exception that names the value, before anything has changed. */
@ExtendWith(LeakCheck.class)
@SuppressWarnings("NullAway") // null is what is tested
class BadInputTest {
    private static final Class<NullPointerException> NULL = NullPointerException.class;
    private static final Class<IllegalArgumentException> RANGE = IllegalArgumentException.class;
    private static final Class<IllegalStateException> STATE = IllegalStateException.class;
    private static final Class<UnknownQueueException> UNKNOWN = UnknownQueueException.class;
    private static final Duration NEGATIVE = ofMillis(-1);
    private static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);
    private static final RawHandler HANDLER = (delivery, payload, offset, length, last) -> Disposition.ACK;

    private final TestEngine engine = TestEngine.inMemory();
    private final MessageQueue queue = engine.queue("orders");
    private final RawSender sender = queue.raw().sender();
    private final RawReceiver receiver = queue.raw().receiver();
    private final List<DynamicTest> tests = new ArrayList<>();

    @AfterEach
    void close() {
        engine.close();
        sender.close();
        receiver.close();
    }

    /** One row of the table; the message of the exception contains {@code named}. */
    private void row(String what, Class<? extends Throwable> type, String named, ThrowingCallable call) {
        tests.add(DynamicTest.dynamicTest(what, () -> {
            String before = state();

            Throwable thrown = catchThrowable(call);

            assertThat(thrown).isInstanceOf(type);
            assertThat(String.valueOf(thrown.getMessage())).contains(named);
            assertThat(state()).as("state").isEqualTo(before);
        }));
    }

    private String state() {
        return queue.admin().stats() + " " + queue.admin().config()
                + queue.admin().tags() + engine.catalog().list("", 100).items();
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseNamesAndConfigurations() {
        engine.queue("closed", c -> c.withRedriveAllow(RedriveAllow.none()));
        row("queue(null)", NULL, " must not be null", () -> engine.queue(null));
        row("queue(\"\")", RANGE, "name=", () -> engine.queue(""));
        row("queue with a space", RANGE, "name=or ders", () -> engine.queue("or ders"));
        row("queue with a slash", RANGE, "name=a/b", () -> engine.queue("a/b"));
        row("queue with 81 characters", RANGE, "name=aaa", () -> engine.queue("a".repeat(81)));
        row("queue with a line break", RANGE, "\\u000a", () -> engine.queue("a\nb"));
        row("queue with a dot", RANGE, "name=a.b", () -> engine.queue("a.b"));
        row("queue(\".fifo\")", RANGE, "name=.fifo", () -> engine.queue(".fifo"));
        row("queue(name, null)", NULL, " must not be null", () -> engine.queue("new", (QueueConfig) null));
        row("queue(name, c -> null)", NULL, " must not be null", () -> engine.queue("new", c -> null));
        row("a queue as its own dead-letter queue", RANGE, "new", () -> engine.queue("new", dead("new")));
        row("an unknown dead-letter queue", UNKNOWN, "queue=nobody", () -> engine.queue("new", dead("nobody")));
        row("one that does not allow it", RANGE, "closed", () -> engine.queue("new", dead("closed")));
        row(
                "another configuration",
                ConfigurationConflictException.class,
                "component=delay",
                () -> engine.queue("orders", QueueConfig.defaults().withDelay(ofSeconds(1))));
        row("exists(null)", NULL, " must not be null", () -> engine.catalog().exists(null));
        row("exists(no name)", RANGE, "name=a b", () -> engine.catalog().exists("a b"));
        row("list(null, 1)", NULL, " must not be null", () -> engine.catalog().list(null, 1));
        row("list(\"\", 0)", RANGE, "limit=0", () -> engine.catalog().list("", 0));
        row(
                "list with another's token",
                RANGE,
                "token=b",
                () -> engine.catalog().list("a", 1, "b"));
        row("delete(null)", NULL, " must not be null", () -> engine.catalog().delete(null));
        row("delete(unknown)", UNKNOWN, "queue=nobody", () -> engine.catalog().delete("nobody"));
        row(
                "an engine without memory",
                RANGE,
                "offHeapLimit=1",
                () -> EngineConfig.defaults().withOffHeapLimit(1));
        return tests.stream();
    }

    private static QueueConfig dead(String name) {
        return QueueConfig.defaults().withRedrive(new RedrivePolicy(name, 3));
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseWhatCannotBeSentOrReceived() {
        row("send(null message)", NULL, " must not be null", () -> queue.send((Message) null));
        row("send(null text)", NULL, " must not be null", () -> queue.send((String) null));
        row("send(\"\")", RANGE, "length=0", () -> queue.send(""));
        row("trySend(null)", NULL, " must not be null", () -> queue.trySend(null));
        row("sendAll(null)", NULL, " must not be null", () -> queue.sendAll(null));
        row(
                "sendAll(null element)",
                NULL,
                " must not be null",
                () -> queue.sendAll(Arrays.asList(Message.text("a"), null)));
        row("receive(0)", RANGE, "max=0", () -> queue.receive(0));
        row("receive(-1)", RANGE, "max=-1", () -> queue.receive(-1));
        row("receive(1,000,001)", RANGE, "max=1000001", () -> queue.receive(1_000_001));
        row("receive(1, null)", NULL, " must not be null", () -> queue.receive(1, null));
        row("receive(1, negative)", RANGE, "maxWait=PT-0.001S", () -> queue.receive(1, NEGATIVE));
        row(
                "receive(1, more than an hour)",
                RANGE,
                "maxWait=PT1H0.001S",
                () -> queue.receive(1, ofHours(1).plusMillis(1)));
        row("receive(null options)", NULL, " must not be null", () -> queue.receive((ReceiveOptions) null));
        row("receiveAsync(null)", NULL, " must not be null", () -> queue.receiveAsync(null));
        row(
                "receive, hidden too long",
                RANGE,
                "PT13H",
                () -> queue.receive(ReceiveOptions.upTo(1).withVisibilityTimeout(ofHours(13))));
        row(
                "receiveAsync, hidden too long",
                RANGE,
                "PT13H",
                () -> queue.receiveAsync(
                        ReceiveOptions.upTo(1).withWait(ofSeconds(1)).withVisibilityTimeout(ofHours(13))));
        row("consume(null)", NULL, " must not be null", () -> queue.consume(null));
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseWhatCannotBecomeOfADelivery() {
        queue.send("one");
        Delivery delivery = queue.receive(1).get(0);
        ReceiptHandle receipt = delivery.receipt();
        row("ack(null)", NULL, " must not be null", () -> queue.ack(null));
        row("ackAll(null)", NULL, " must not be null", () -> queue.ackAll(null));
        row("ackAll(null element)", NULL, " must not be null", () -> queue.ackAll(Arrays.asList(receipt, null)));
        row("retryAfter(null)", NULL, " must not be null", () -> delivery.retryAfter(null));
        row("retryAfter(receipt, null)", NULL, " must not be null", () -> queue.retryAfter(receipt, null));
        row("retryAfter(null, d)", NULL, " must not be null", () -> queue.retryAfter(null, ZERO));
        row("retryAfter(negative)", RANGE, "PT-0.001S", () -> delivery.retryAfter(NEGATIVE));
        row("retryAfter(too long)", RANGE, "PT13H", () -> delivery.retryAfter(ofHours(13)));
        row("retryAfter(endless)", RANGE, "PT2562047788015215H", () -> delivery.retryAfter(ENDLESS));
        row("extend(null)", NULL, " must not be null", () -> delivery.extend(null));
        row("extend(negative)", RANGE, "PT-0.001S", () -> delivery.extend(NEGATIVE));
        row("extend(too long)", RANGE, "PT13H", () -> delivery.extend(ofHours(13)));
        row("extend(endless)", RANGE, "PT2562047788015215H", () -> delivery.extend(ENDLESS));
        row("extendAll(receipts, null)", NULL, " must not be null", () -> queue.extendAll(List.of(receipt), null));
        row("extendAll(null, d)", NULL, " must not be null", () -> queue.extendAll(null, ZERO));
        row("extendAll(negative)", RANGE, "PT-0.001S", () -> queue.extendAll(List.of(receipt), NEGATIVE));
        row("retryAllAfter(negative)", RANGE, "PT-0.001S", () -> queue.retryAllAfter(List.of(receipt), NEGATIVE));
        row("deadLetter(null)", NULL, " must not be null", () -> delivery.deadLetter(null));
        row("deadLetter(\"\")", RANGE, "length=0", () -> delivery.deadLetter(""));
        row("deadLetter(1,025 characters)", RANGE, "length=1025", () -> delivery.deadLetter("x".repeat(1_025)));
        row("deadLetter, no such queue", STATE, "queue=orders", () -> delivery.deadLetter("reason"));
        row("deadLetter(null receipt)", NULL, " must not be null", () -> queue.deadLetter(null, "reason"));
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseWhatCannotBeAdministered() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 51; i++) {
            many.put("tag" + i, "");
        }
        row("update(null)", NULL, " must not be null", () -> queue.admin().update(null));
        row("update(c -> null)", NULL, " must not be null", () -> queue.admin().update(c -> null));
        row(
                "update to itself as dead-letter queue",
                RANGE,
                "orders",
                () -> queue.admin().update(c -> dead("orders")));
        row(
                "update to an unknown one",
                UNKNOWN,
                "queue=nobody",
                () -> queue.admin().update(c -> dead("nobody")));
        row("peek(0)", RANGE, "max=0", () -> queue.admin().peek(0));
        row("peek(1,000,001)", RANGE, "max=1000001", () -> queue.admin().peek(1_000_001));
        row("tag(null)", NULL, " must not be null", () -> queue.admin().tag(null));
        row("tag(null value)", NULL, " must not be null", () -> queue.admin().tag(Collections.singletonMap("a", null)));
        row("tag(empty key)", RANGE, "length=0", () -> queue.admin().tag(Map.of("", "v")));
        row("tag(key of 129)", RANGE, "length=129", () -> queue.admin().tag(Map.of("k".repeat(129), "v")));
        row("tag(value of 257)", RANGE, "length=257", () -> queue.admin().tag(Map.of("k", "v".repeat(257))));
        row("tag(51)", RANGE, "51", () -> queue.admin().tag(many));
        row("untag(null)", NULL, " must not be null", () -> queue.admin().untag(null));
        row("redrive(null)", NULL, " must not be null", () -> queue.admin().redrive(null));
        row(
                "redrive of no dead-letter queue",
                STATE,
                "queue=orders",
                () -> queue.admin().redrive(RedriveRequest.toSources()));
        row("redrive to itself", RANGE, "orders", () -> queue.admin().redrive(RedriveRequest.to("orders")));
        row(
                "redrive to an unknown queue",
                UNKNOWN,
                "queue=nobody",
                () -> queue.admin().redrive(RedriveRequest.to("nobody")));
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseWhatTheRawTierCannotDo() {
        ByteBuffer source = ByteBuffer.allocate(8);
        Class<IndexOutOfBoundsException> bounds = IndexOutOfBoundsException.class;
        Claim claim = sender.newClaim();
        RawSender other = queue.raw().sender();
        Claim foreign = other.newClaim();
        other.close();
        row("offer(null)", NULL, " must not be null", () -> sender.offer(null, 0, 1));
        row("offer of nothing", RANGE, "length=0", () -> sender.offer(source, 0, 0));
        row("offer of less", RANGE, "length=-1", () -> sender.offer(source, 0, -1));
        row("offer before the buffer", bounds, "-1", () -> sender.offer(source, -1, 1));
        row("offer beyond the buffer", bounds, "9", () -> sender.offer(source, 0, 9));
        row("offer, negative delay", RANGE, "delayMs=-1", () -> sender.offer(source, 0, 1, -1));
        row(
                "offer, delay of 91 days",
                RANGE,
                "delayMs=7862400000",
                () -> sender.offer(source, 0, 1, ofDays(91).toMillis()));
        row("tryClaim(0)", RANGE, "length=0", () -> sender.tryClaim(0, claim));
        row("tryClaim(null)", NULL, " must not be null", () -> sender.tryClaim(1, null));
        row("tryClaim(claim of another)", RANGE, "orders", () -> sender.tryClaim(1, foreign));
        row("delayMs(-1)", RANGE, "delayMs=-1", () -> claim.delayMs(-1));
        row("attributes(null)", NULL, " must not be null", () -> claim.attributes(null));
        row("commit of no claim", STATE, "orders", claim::commit);
        row("buffer of no claim", STATE, "orders", claim::buffer);
        row("offset of no claim", STATE, "orders", claim::offset);
        row("sequence of no claim", STATE, "orders", claim::sequence);
        row("poll(null)", NULL, " must not be null", () -> receiver.poll(null, 1));
        row("poll(0)", RANGE, "limit=0", () -> receiver.poll(HANDLER, 0));
        row("poll(1,000,001)", RANGE, "limit=1000001", () -> receiver.poll(HANDLER, 1_000_001));
        row("ack(-1)", RANGE, "deliveryNumber=-1", () -> receiver.ack(-1));
        row("retryAfter(-1, 0)", RANGE, "deliveryNumber=-1", () -> receiver.retryAfter(-1, 0));
        row("retryAfter(0, -1)", RANGE, "delayMs=-1", () -> receiver.retryAfter(0, -1));
        row("extend(0, -1)", RANGE, "visibilityTimeoutMs=-1", () -> receiver.extend(0, -1));
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseToChangeAClaimThatIsOpen() {
        queue.admin().config();
        Claim claim = sender.newClaim();
        assertThat(sender.tryClaim(4, claim)).isNotNegative();
        row("tryClaim", STATE, "queue=orders", () -> sender.tryClaim(1, claim));
        row("delayMs", STATE, "queue=orders", () -> claim.delayMs(1));
        return tests.stream();
    }
}
