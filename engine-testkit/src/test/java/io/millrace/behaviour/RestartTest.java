package io.millrace.behaviour;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.Engine;
import io.millrace.api.CorruptLogException;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.InFlightAtRestart;
import io.millrace.api.Message;
import io.millrace.api.MessageId;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.MessageState;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.queue.RedriveStatus;
import io.millrace.api.queue.RedriveTask;
import io.millrace.model.DirectoryCopy;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.TestEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a directory brings back, at both levels, and whether the engine was closed or its process ended: then what is opened
 * again is a copy of the files as they were.
 */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class RestartTest {
    /** A level, and how the engine ends. */
    enum How {
        CLOSED(Durability.PROCESS_CRASH, false),
        KILLED(Durability.PROCESS_CRASH, true),
        FORCED_AND_CLOSED(Durability.POWER_LOSS, false),
        FORCED_AND_KILLED(Durability.POWER_LOSS, true);

        private final Durability durability;
        private final boolean isKilled;

        How(Durability durability, boolean isKilled) {
            this.durability = durability;
            this.isKilled = isKilled;
        }
    }

    @TempDir
    Path temporary;

    private final ManualClock clock = new ManualClock();
    private EngineConfig config = EngineConfig.defaults().withClock(clock);
    private Path data;
    private int copies;
    private TestEngine engine;

    private void open(How how) {
        data = temporary.resolve("data");
        engine = TestEngine.open(data, how.durability, config);
    }

    private void restart(How how) {
        Path next = how.isKilled ? copy() : data;
        engine.close();
        data = next;
        engine = TestEngine.open(data, how.durability, config);
    }

    /** The files as a process leaves them that is killed now. */
    private Path copy() {
        Path target = temporary.resolve("copy-" + copies++);
        DirectoryCopy.copy(data, target);
        return target;
    }

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    private MessageQueue orders() {
        return engine.queue("orders", c -> c);
    }

    private static List<String> texts(MessageQueue queue) {
        return queue.admin().peek(1_000).stream().map(PeekedMessage::text).toList();
    }

    @ParameterizedTest
    @EnumSource
    void shouldBringBackWhatWasSentInOrder(How how) {
        open(how);
        MessageQueue queue = orders();
        MessageId first = queue.send(Message.text("one").with("colour", "red").with("number", 1));
        queue.sendAll(List.of(Message.text("two"), Message.text("three")));
        PeekedMessage before = queue.admin().peek(1).get(0);

        restart(how);

        Delivery delivery = orders().receive(1).get(0);
        assertThat(delivery.text()).isEqualTo("one");
        assertThat(delivery.attributes()).isEqualTo(before.attributes());
        assertThat(delivery.id()).isEqualTo(first);
        assertThat(delivery.sentAt()).isEqualTo(before.sentAt());
        assertThat(delivery.receiveCount()).isOne();
        assertThat(texts(orders())).containsExactly("one", "two", "three");
        assertThat(orders().admin().stats().visible()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotBringBackWhatWasAcknowledgedPurgedOrExpired(How how) {
        open(how);
        MessageQueue queue = engine.queue("orders", c -> c.withRetention(ofHours(1)));
        queue.send("acknowledged");
        queue.receive(1).get(0).ack();
        queue.send("purged");
        queue.admin().purge();
        queue.send("expired");
        clock.advance(ofHours(2));
        queue.send("living");

        restart(how);

        assertThat(texts(orders())).containsExactly("living");
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnCountingReceives(How how) {
        open(how);
        orders().send("again");
        for (int i = 1; i <= 3; i++) {
            Delivery delivery = orders().receive(1).get(0);
            assertThat(delivery.receiveCount()).isEqualTo(i);
            delivery.retryAfter(ZERO);
            restart(how);
        }

        assertThat(orders().receive(1).get(0).receiveCount()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepMessagesInFlightHiddenUntilTheirDeadline(How how) {
        open(how);
        MessageQueue queue = engine.queue("orders", c -> c.withVisibilityTimeout(ofMinutes(10)));
        queue.sendAll(List.of(Message.text("kept"), Message.text("extended"), Message.text("shortened")));
        List<Delivery> deliveries = queue.receive(3);
        deliveries.get(1).extend(ofMinutes(30));
        deliveries.get(2).retryAfter(ofMinutes(1));

        restart(how);

        assertThat(orders().admin().stats().inFlight()).isEqualTo(3);
        clock.advance(ofMinutes(1));
        assertThat(orders().receive(10)).extracting(Delivery::text).containsExactly("shortened");
        clock.advance(ofMinutes(9));
        assertThat(orders().receive(10))
                .extracting(Delivery::text)
                .contains("kept")
                .doesNotContain("extended");
        clock.advance(ofMinutes(20));
        assertThat(orders().receive(10)).extracting(Delivery::text).contains("extended");
    }

    @ParameterizedTest
    @EnumSource
    void shouldReleaseMessagesInFlightIfToldSo(How how) {
        config = config.withInFlightAtRestart(InFlightAtRestart.RELEASE);
        open(how);
        orders().send("in flight");
        orders().send(Message.text("delayed").withDelay(ofMinutes(5)));
        orders().receive(1);

        restart(how);

        Delivery delivery = orders().receive(10).get(0);
        assertThat(delivery.text()).isEqualTo("in flight");
        assertThat(delivery.receiveCount()).isEqualTo(2);
        assertThat(orders().receive(10)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldAcceptReceiptsOfAnEarlierRun(How how) {
        open(how);
        orders().send("in flight");
        Delivery delivery = orders().receive(1).get(0);

        restart(how);

        assertThat(orders().ack(delivery.receipt())).isTrue();
        assertThat(orders().ack(delivery.receipt())).isFalse();
        restart(how);
        assertThat(texts(orders())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepDelays(How how) {
        open(how);
        orders().send(Message.text("later").withDelay(ofMinutes(5)));
        clock.advance(ofMinutes(2));

        restart(how);

        assertThat(orders().admin().peek(1).get(0).state()).isEqualTo(MessageState.DELAYED);
        clock.advance(ofMinutes(3).minusMillis(1));
        assertThat(orders().receive(1)).isEmpty();
        clock.advance(ofSeconds(1));
        assertThat(orders().receive(1)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepTheOrderOfReturnedMessages(How how) {
        open(how);
        MessageQueue queue = orders();
        for (int i = 0; i < 200; i++) {
            queue.send("message " + i);
        }
        List<Delivery> taken = queue.receive(10);
        List.of(7, 3, 5).forEach(i -> taken.get(i).retryAfter(ZERO));

        restart(how);

        assertThat(orders().receive(5))
                .extracting(Delivery::text)
                .containsExactly("message 3", "message 5", "message 7", "message 10", "message 11");
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepConfigurationAndTags(How how) {
        open(how);
        engine.queue("dead");
        MessageQueue queue = engine.queue("orders", c -> c.withDelay(ofSeconds(3)));
        queue.admin().update(c -> c.withVisibilityTimeout(ofSeconds(77)).withRedrive(new RedrivePolicy("dead", 3)));
        queue.admin().tag(Map.of("team", "blue", "cost", "12"));
        queue.admin().untag(List.of("cost"));
        QueueConfig before = queue.admin().config();

        restart(how);

        assertThat(orders().admin().config()).isEqualTo(before);
        assertThat(orders().admin().tags()).containsExactly(Map.entry("team", "blue"));
        assertThat(engine.catalog().list("", 10).items()).containsExactly("dead", "orders");
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotBringADeletedQueueBack(How how) {
        open(how);
        MessageId former = orders().send("former");
        engine.catalog().delete("orders");
        engine.queue("orders", c -> c.withDelay(ofMinutes(1)));
        MessageId later = orders().send(Message.text("later").withDelay(ZERO));
        assertThat(later).isNotEqualTo(former);
        engine.queue("gone").send("nothing");
        engine.catalog().delete("gone");

        restart(how);

        assertThat(engine.catalog().exists("gone")).isFalse();
        assertThat(texts(orders())).containsExactly("later");
        assertThat(orders().admin().config().delay()).isEqualTo(ofMinutes(1));
    }

    @ParameterizedTest
    @EnumSource
    void shouldNeverGiveAnIdTwice(How how) {
        open(how);
        Set<MessageId> given = new HashSet<>();
        for (int run = 0; run < 5; run++) {
            for (int i = 0; i < 100; i++) {
                assertThat(given.add(orders().send("message"))).isTrue();
            }
            orders().admin().purge();
            restart(how);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepDeadLettersWithTheirIdentity(How how) {
        open(how);
        engine.queue("dead");
        engine.queue("orders", c -> c.withRedrive(new RedrivePolicy("dead", 1)));
        MessageId id = orders().send("poison");
        orders().receive(1).get(0).deadLetter("of no use");

        restart(how);

        assertThat(texts(orders())).isEmpty();
        Delivery dead = engine.queue("dead", c -> c).receive(1).get(0);
        assertThat(dead.id()).isEqualTo(id);
        assertThat(dead.text()).isEqualTo("poison");
        assertThat(dead.receiveCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWithARedriveTask(How how) {
        open(how);
        MessageQueue dead = engine.queue("dead");
        engine.queue("orders", c -> c.withRedrive(new RedrivePolicy("dead", 1)));
        for (int i = 0; i < 10; i++) {
            orders().send("message " + i);
            orders().receive(1).get(0).deadLetter("of no use");
        }
        RedriveTask task = dead.admin().redrive(RedriveRequest.toSources().withRate(1));
        clock.advance(ofSeconds(4));
        long moved = task.moved();
        assertThat(moved).isBetween(3L, 6L);

        restart(how);

        RedriveTask kept = engine.queue("dead", c -> c).admin().redriveTasks().get(0);
        assertThat(kept.id()).isEqualTo(task.id());
        assertThat(kept.status()).isEqualTo(RedriveStatus.RUNNING);
        assertThat(kept.moved()).isEqualTo(moved);
        clock.advance(ofSeconds(20));
        assertThat(kept.status()).isEqualTo(RedriveStatus.COMPLETED);
        assertThat(kept.moved()).isEqualTo(10);
        assertThat(texts(orders())).hasSize(10).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void shouldBringBackMessagesOfEverySize(How how) {
        open(how);
        engine.queue("orders", c -> c.withMaxMessageBytes(8 << 20));
        List<byte[]> bodies = Stream.of(1, 100, 65_536, 1 << 20, 5 << 20)
                .map(RestartTest::body)
                .toList();
        bodies.forEach(body -> orders().send(Message.bytes(body)));

        restart(how);

        List<Delivery> deliveries = orders().receive(10);
        assertThat(deliveries).extracting(Delivery::bytes).containsExactlyElementsOf(bodies);
    }

    private static byte[] body(int length) {
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++) {
            body[i] = (byte) (i * 31 + length);
        }
        return body;
    }

    @ParameterizedTest
    @EnumSource
    void shouldOpenAtTheOtherLevel(How how) {
        open(how);
        orders().send("message");
        restart(how);
        for (Durability level : List.of(Durability.POWER_LOSS, Durability.PROCESS_CRASH, Durability.POWER_LOSS)) {
            engine.close();
            engine = TestEngine.open(data, level, config);
            orders().send("at " + level);
        }

        assertThat(texts(orders())).containsExactly("message", "at POWER_LOSS", "at PROCESS_CRASH", "at POWER_LOSS");
    }

    /** After an orderly end nothing can be taken for a record that was being written; what is refused stays as it is. */
    @ParameterizedTest
    @EnumSource(names = {"CLOSED", "FORCED_AND_CLOSED"})
    void shouldRefuseDamageOfTheLastRecordAndChangeNothing(How how) throws IOException {
        open(how);
        for (int run = 0; run < 3; run++) {
            orders().send("message of run " + run);
            restart(how);
        }
        engine.close();
        Path last = segments().stream()
                .filter(file -> indexOfMessage(file) > 0)
                .reduce((one, other) -> other)
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(last);
        bytes[indexOfMessage(last)] ^= 1;
        Files.write(last, bytes);
        List<byte[]> before = segments().stream().map(RestartTest::read).toList();

        assertThatExceptionOfType(CorruptLogException.class)
                .isThrownBy(() -> Engine.open(data, how.durability).close())
                .withMessageContaining(String.valueOf(last.getFileName()));
        assertThat(segments().stream().map(RestartTest::read)).containsExactlyElementsOf(before);
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("segment-"))
                    .sorted()
                    .toList();
        }
    }

    private static int indexOfMessage(Path file) {
        return new String(read(file), StandardCharsets.ISO_8859_1).indexOf("message of run");
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
