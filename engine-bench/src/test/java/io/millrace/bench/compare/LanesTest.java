package io.millrace.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.run.Arrivals;
import io.millrace.bench.run.Crew;
import io.millrace.bench.run.MessageReceiver;
import io.millrace.bench.run.MessageSender;
import io.millrace.bench.run.Payload;
import io.millrace.bench.run.QueueLoad;
import io.millrace.bench.run.Samples;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * That each contestant is what the comparison takes it for. The Agrona ring needs a JVM option and is seen at work in
 * {@code CompareBenchCommandTest}.
 */
@Timeout(30)
class LanesTest {
    private static final int WINDOW = 16;
    private static final QueueLoad LOAD = new QueueLoad(40, Crew.cycle(), 1, 0, WINDOW);
    private static final Payload PAYLOAD = new Payload(LOAD.payloadBytes());

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MANY_TO_ONE_RING_BUFFER")
    void shouldGiveOutEveryMessageOnceAndWhole(Contestant contestant) {
        Arrivals arrivals = new Arrivals(PAYLOAD);
        try (OpenLane lane = contestant.open(LOAD, PAYLOAD);
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
            names = {"MANY_TO_ONE_RING_BUFFER", "CONCURRENT_LINKED_QUEUE", "CONCURRENT_LINKED_QUEUE_CLONE"})
    void shouldRefuseAMessageMoreThanTheWindow(Contestant contestant) {
        try (OpenLane lane = contestant.open(LOAD, PAYLOAD);
                MessageSender sender = lane.sender()) {
            for (int i = 0; i < WINDOW; i++) {
                assertThat(sender.trySend(Samples.NONE)).isTrue();
            }

            assertThat(sender.trySend(Samples.NONE)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MANY_TO_ONE_RING_BUFFER")
    void shouldSeeDamage(Contestant contestant) {
        Arrivals expectingOthers = new Arrivals(new Payload(LOAD.payloadBytes() + 1));
        try (OpenLane lane = contestant.open(LOAD, PAYLOAD);
                MessageSender sender = lane.sender();
                MessageReceiver receiver = lane.receiver(expectingOthers)) {
            assertThat(sender.trySend(Samples.NONE)).isTrue();

            assertThat(receiver.receive(1)).isEqualTo(1);

            assertThat(expectingOthers.damaged()).isEqualTo(1);
        }
    }
}
