package io.millrace.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Durability;
import io.millrace.bench.run.Arrivals;
import io.millrace.bench.run.Crew;
import io.millrace.bench.run.MessageReceiver;
import io.millrace.bench.run.MessageSender;
import io.millrace.bench.run.Payload;
import io.millrace.bench.run.Persistence;
import io.millrace.bench.run.QueueLoad;
import io.millrace.bench.run.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * That each contestant is what the comparison takes it for. The Agrona ring and Chronicle Queue need JVM options and are
 * seen at work in {@code CompareBenchCommandTest}.
 */
@Timeout(30)
class LanesTest {
    private static final int WINDOW = 16;
    private static final QueueLoad LOAD = new QueueLoad(40, Crew.cycle(), 1, 0, WINDOW);
    private static final Payload PAYLOAD = new Payload(LOAD.payloadBytes());

    @TempDir
    private Path directory;

    private Entrant entrant(Contestant contestant) {
        Durability level = Stream.of(Durability.values())
                .filter(contestant::takesPartAt)
                .findFirst()
                .orElseThrow();
        return new Entrant(contestant, LOAD, Persistence.at(level, directory));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"MANY_TO_ONE_RING_BUFFER", "CHRONICLE_QUEUE", "CHRONICLE_QUEUE_PRETOUCHED"})
    void shouldGiveOutEveryMessageOnceAndWhole(Contestant contestant) {
        Arrivals arrivals = new Arrivals(PAYLOAD);
        try (OpenLane lane = contestant.open(entrant(contestant), PAYLOAD);
                MessageSender sender = lane.sender();
                MessageReceiver receiver = lane.receiver(arrivals)) {
            for (int i = 0; i < WINDOW; i++) {
                assertThat(sender.trySend(i % 2 == 0 ? Samples.NONE : 1)).isTrue();
            }
            assertThat(lane.left()).isEqualTo(WINDOW);

            assertThat(receiver.receive(3)).isEqualTo(3);
            assertThat(receiver.receive(WINDOW)).isEqualTo(WINDOW - 3);

            assertThat(receiver.receive(1)).isZero();
            assertThat(lane.left()).isZero();
            assertThat(arrivals.damaged()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                "MANY_TO_ONE_RING_BUFFER",
                "CHRONICLE_QUEUE",
                "CHRONICLE_QUEUE_PRETOUCHED",
                "WRITE_AND_FORCE",
                "CONCURRENT_LINKED_QUEUE",
                "CONCURRENT_LINKED_QUEUE_CLONE"
            })
    void shouldRefuseAMessageMoreThanTheWindow(Contestant contestant) {
        try (OpenLane lane = contestant.open(entrant(contestant), PAYLOAD);
                MessageSender sender = lane.sender()) {
            for (int i = 0; i < WINDOW; i++) {
                assertThat(sender.trySend(Samples.NONE)).isTrue();
            }

            assertThat(sender.trySend(Samples.NONE)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"MANY_TO_ONE_RING_BUFFER", "CHRONICLE_QUEUE", "CHRONICLE_QUEUE_PRETOUCHED"})
    void shouldSeeDamage(Contestant contestant) {
        Arrivals expectingOthers = new Arrivals(new Payload(LOAD.payloadBytes() + 1));
        try (OpenLane lane = contestant.open(entrant(contestant), PAYLOAD);
                MessageSender sender = lane.sender();
                MessageReceiver receiver = lane.receiver(expectingOthers)) {
            assertThat(sender.trySend(Samples.NONE)).isTrue();

            assertThat(receiver.receive(1)).isEqualTo(1);

            assertThat(expectingOthers.damaged()).isEqualTo(1);
        }
    }

    @Test
    void shouldBeginEachRoundWithNewFilesWhereThatIsTheName() throws IOException {
        Entrant entrant = entrant(Contestant.MILLRACE_RAW_FRESH);
        try (OpenLane lane = entrant.contestant().open(entrant, PAYLOAD)) {
            Set<Path> before = files();

            lane.beforeRound();

            assertThat(files()).hasSize(1).doesNotContainAnyElementsOf(before);
        }
        assertThat(directory).isEmptyDirectory();
    }

    private Set<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.collect(Collectors.toSet());
        }
    }

    @Test
    void shouldForceEachMessageThatIsWrittenByItself() {
        Entrant entrant = entrant(Contestant.WRITE_AND_FORCE);
        try (OpenLane lane = entrant.contestant().open(entrant, PAYLOAD);
                MessageSender sender = lane.sender()) {
            assertThat(sender.trySend(1)).isTrue();
            assertThat(sender.trySend(2)).isTrue();

            assertThat(lane.forces()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Contestant.class)
    void shouldSurviveTheWayToAProcess(Contestant contestant) {
        Entrant entrant = new Entrant(
                contestant,
                new QueueLoad(40, Crew.of(3, 0, 5).withSendBatch(7), 11, 0, 13),
                new Persistence(Durability.POWER_LOSS, Durability.PROCESS_CRASH, directory));

        assertThat(Entrant.parse(entrant.toArguments().toArray(String[]::new))).isEqualTo(entrant);
    }
}
