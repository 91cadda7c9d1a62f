package io.millrace.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
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
        return QueueBench.run(tier, load, Persistence.inMemory(), ROUNDS, (round, rate) -> {});
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

        QueueBench.run(
                Tier.RAW,
                load(Crew.cycle(), 0, 512),
                Persistence.inMemory(),
                new Rounds(2, 3),
                (round, rate) -> told.add(round));

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
                .isThrownBy(
                        () -> QueueBench.checkRoom(load(Crew.cycle(), QueueLoad.MAX_COUNT, 1), Persistence.inMemory()))
                .withMessageContaining("backlog=" + QueueLoad.MAX_COUNT);
    }

    @ParameterizedTest
    @EnumSource(Tier.class)
    void shouldMeasureSendingAlone(Tier tier) throws InterruptedException {
        Measured measured = run(tier, load(Crew.of(2, 0, 16), 100, 700)).measured();

        assertThat(measured.messagesPerSecond()).isBetween(measured.slowest(), measured.fastest());
        assertThat(measured.p50Us()).isPositive();
        assertThat(measured.refusals()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Tier.class)
    void shouldMeasureReceivingAlone(Tier tier) throws InterruptedException {
        Measured measured = run(tier, load(Crew.of(0, 2, 16), 100, 700)).measured();

        assertThat(measured.messagesPerSecond()).isPositive();
        assertThat(measured.p50Us()).isPositive();
    }

    @Test
    void shouldSendTheRestOfABatchToo() throws InterruptedException {
        assertThat(run(Tier.HEAP, load(Crew.of(1, 1, 16).withSendBatch(300), 0, 700))
                        .measured()
                        .messagesPerSecond())
                .isPositive();
    }

    @Nested
    class OnDisk {
        @TempDir
        private Path directory;

        private Measured run(Tier tier, Durability level, Crew crew, long messages) throws InterruptedException {
            QueueLoad load = new QueueLoad(64, crew, messages, 50, 512);
            return QueueBench.run(tier, load, Persistence.at(level, directory), ROUNDS, (round, rate) -> {})
                    .measured();
        }

        @ParameterizedTest
        @EnumSource(Tier.class)
        void shouldForceNothingAtProcessCrash(Tier tier) throws InterruptedException {
            Measured measured = run(tier, Durability.PROCESS_CRASH, Crew.of(1, 1, 16), 2_000);

            assertThat(measured.messagesPerSecond()).isPositive();
            assertThat(measured.messagesPerForce()).isZero();
        }

        @Test
        void shouldCountAtLeastOneForceForEachMessageOfASingleSenderAtPowerLoss() throws InterruptedException {
            Measured measured = run(Tier.RAW, Durability.POWER_LOSS, Crew.of(1, 0, 1), 200);

            assertThat(measured.messagesPerForce()).isBetween(0.1, 1.0);
            assertThat(measured.forcesPerSecond()).isPositive();
        }

        @Test
        void shouldCountManyMessagesForEachForceOfABatchAtPowerLoss() throws InterruptedException {
            Crew crew = Crew.of(1, 0, 1).withSendBatch(100);

            assertThat(run(Tier.HEAP, Durability.POWER_LOSS, crew, 1_000).messagesPerForce())
                    .isGreaterThan(10);
        }

        @Test
        void shouldAcknowledgeTogetherAtPowerLoss() throws InterruptedException {
            assertThat(run(Tier.HEAP, Durability.POWER_LOSS, Crew.of(0, 1, 100), 1_000)
                            .messagesPerForce())
                    .isGreaterThan(10);
        }

        @Test
        void shouldNotWaitForTheForceOfWeakerAcknowledgements() throws InterruptedException {
            QueueLoad load = new QueueLoad(64, Crew.of(0, 1, 1), 400, 0, 400);
            Persistence weak = new Persistence(Durability.POWER_LOSS, Durability.PROCESS_CRASH, directory);

            Measured measured = QueueBench.run(Tier.RAW, load, weak, ROUNDS, (round, rate) -> {})
                    .measured();

            assertThat(measured.forcesPerSecond() / measured.messagesPerSecond())
                    .isLessThan(0.5);
        }

        @Test
        void shouldLeaveNothingBehind() throws InterruptedException {
            run(Tier.RAW, Durability.PROCESS_CRASH, Crew.cycle(), 100);

            assertThat(directory).isEmptyDirectory();
        }
    }
}
