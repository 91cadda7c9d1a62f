package io.millrace.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That everything is counted and nothing is left over; not how fast it is. */
@Timeout(60)
class QueueBenchTest {
    private static final Rounds ROUNDS = new Rounds(1, 3);
    private static final long MESSAGES = 5_000;

    private static QueueLoad load(Crew crew, long backlog, long window) {
        return new QueueLoad(64, crew, MESSAGES, backlog, window);
    }

    private static QueueFigures run(Tier tier, QueueLoad load) throws InterruptedException {
        return QueueBench.run(tier, load, ROUNDS, (round, rate) -> {});
    }

    @ParameterizedTest
    @EnumSource(Tier.class)
    void shouldMeasureProducersAndConsumers(Tier tier) throws InterruptedException {
        QueueFigures figures = run(tier, load(Crew.of(2, 3, 16), 0, 512));

        assertThat(figures.name()).isEqualTo("millrace-" + tier);
        assertThat(figures.measured().messagesPerSecond()).isPositive();
        assertThat(figures.measured().p50Us()).isPositive();
        assertThat(figures.measured().p99Us())
                .isGreaterThanOrEqualTo(figures.measured().p50Us());
    }

    @ParameterizedTest
    @EnumSource(Tier.class)
    void shouldMeasureCyclesOnOneThread(Tier tier) throws InterruptedException {
        QueueFigures figures = run(tier, load(Crew.cycle(), 0, 512));

        assertThat(figures.name()).isEqualTo("millrace-" + tier + "-cycle");
        assertThat(figures.measured().messagesPerSecond()).isPositive();
        assertThat(figures.measured().p50Us()).isPositive();
        assertThat(figures.measured().refusals()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Tier.class)
    void shouldKeepTheBacklogAsDeepAsItWas(Tier tier) throws InterruptedException {
        assertThat(run(tier, load(Crew.of(1, 1, 7), 3_000, 512)).measured().messagesPerSecond())
                .isPositive();
    }

    @Test
    void shouldCountSendsThatFindNoRoomAndTryThemAgain() throws InterruptedException {
        assertThat(run(Tier.RAW, load(Crew.of(1, 1, 1), 0, 1)).measured().refusals())
                .isPositive();
    }

    @Test
    void shouldSeeWhatTheHeapTierAllocates() throws InterruptedException {
        assertThat(run(Tier.HEAP, load(Crew.cycle(), 0, 512)).measured().allocatedBytesPerMessage())
                .isGreaterThan(64);
    }

    @Test
    void shouldTellOfEveryRound() throws InterruptedException {
        List<Integer> told = new ArrayList<>();

        QueueBench.run(Tier.RAW, load(Crew.cycle(), 0, 512), new Rounds(2, 3), (round, rate) -> told.add(round));

        assertThat(told).containsExactly(-1, 0, 1, 2, 3);
    }

    @Test
    void shouldEndWhenInterrupted() {
        QueueLoad endless = new QueueLoad(64, Crew.of(1, 1, 16), QueueLoad.MAX_COUNT, 0, 512);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> run(Tier.RAW, endless)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void shouldRefuseALoadThatDoesNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueueBench.checkRoom(load(Crew.cycle(), QueueLoad.MAX_COUNT, 1)))
                .withMessageContaining("backlog=" + QueueLoad.MAX_COUNT);
    }
}
