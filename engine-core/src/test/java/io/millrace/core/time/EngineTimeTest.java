package io.millrace.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.EngineClock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EngineTimeTest {
    private static final class Hands implements EngineClock {
        private long wallMs = 1_000_000;
        private long monotonicNs = 77;

        @Override
        public long wallMs() {
            return wallMs;
        }

        @Override
        public long monotonicNs() {
            return monotonicNs;
        }

        void pass(long ms) {
            wallMs += ms;
            monotonicNs += ms * 1_000_000;
        }
    }

    private final Hands clock = new Hands();
    private final EngineTime time = new EngineTime(clock);

    @Test
    void shouldStartAtTheWallAndFollowTheMonotonicClock() {
        assertThat(time.nowMs()).isEqualTo(1_000_000);
        clock.pass(1_234);
        assertThat(time.nowMs()).isEqualTo(1_001_234);
    }

    @Test
    void shouldNotMoveWhenTheWallClockGoesBack() {
        clock.wallMs -= 3_600_000;
        clock.pass(5_000);
        long now = time.nowMs();

        assertThat(now).isEqualTo(1_005_000);
        assertThat(time.wallMs(now)).as("stamps follow the wall").isEqualTo(clock.wallMs);
        assertThat(time.nowMs()).isEqualTo(now);
    }

    @Test
    void shouldCatchUpSlowlyWithinAnHour() {
        clock.wallMs += 600_000;
        clock.pass(6_400);

        time.wallMs(time.nowMs());

        assertThat(time.nowMs()).isEqualTo(1_006_400 + 100);
    }

    @Test
    void shouldCatchUpAtOnceBeyondAnHour() {
        clock.wallMs += 7_200_000;
        clock.pass(2_000);

        time.wallMs(time.nowMs());

        assertThat(time.nowMs()).isEqualTo(clock.wallMs);
    }

    @Test
    void shouldLetNobodyWaitLessThanWasAsked() {
        clock.monotonicNs += 999_999;

        assertThat(time.after(time.nowMs(), 10)).isEqualTo(time.nowMs() + 11);
        assertThat(time.after(time.nowMs(), 0)).isEqualTo(time.nowMs());
    }

    @Test
    void shouldTellHowLongToParkWithoutOverflow() {
        assertThat(time.nsUntil(time.nowMs() + 3)).isEqualTo(3_000_000);
        assertThat(time.nsUntil(time.nowMs() - 3)).isZero();
        assertThat(time.nsUntil(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

    @Nested
    class OfAnEarlierRun {
        private static final long DAY_MS = 86_400_000L;

        @Test
        void shouldGoOnWhereItEndedWhenTheWallClockWasSetBack() {
            EngineTime later = new EngineTime(clock, 1_005_000);

            assertThat(later.nowMs()).isEqualTo(1_005_000);
            clock.pass(10);
            assertThat(later.nowMs()).isEqualTo(1_005_010);
        }

        @Test
        void shouldFollowTheWallClockWhenThatIsAhead() {
            assertThat(new EngineTime(clock, 999_000).nowMs()).isEqualTo(1_000_000);
        }

        @Test
        void shouldBelieveTheWallClockAgainstATimeThatIsMoreThanADayAhead() {
            assertThat(new EngineTime(clock, clock.wallMs + DAY_MS).nowMs()).isEqualTo(clock.wallMs + DAY_MS);
            assertThat(new EngineTime(clock, clock.wallMs + DAY_MS + 1).nowMs()).isEqualTo(clock.wallMs);
        }

        @Test
        void shouldBeRaisedByWhatWasSeen() {
            time.raise(1_002_000);

            assertThat(time.nowMs()).isEqualTo(1_002_000);
            clock.pass(5);
            assertThat(time.nowMs()).isEqualTo(1_002_005);
        }

        @Test
        void shouldNotBeRaisedByWhatIsPastOrFarAhead() {
            time.raise(999_999);
            assertThat(time.nowMs()).isEqualTo(1_000_000);

            time.raise(1_000_000 + DAY_MS + 1);
            assertThat(time.nowMs()).isEqualTo(1_000_000);
        }

        @Test
        void shouldStampByTheWallClockAlsoWhenItIsAhead() {
            EngineTime later = new EngineTime(clock, 1_000_000 + 3_600_000);
            assertThat(later.wallMs(later.nowMs())).isEqualTo(clock.wallMs);

            clock.pass(2_000);
            assertThat(later.wallMs(later.nowMs())).isEqualTo(clock.wallMs);
        }

        @Test
        void shouldStampByTheWallClockAtOnceAfterItWasRaised() {
            time.raise(1_000_000 + 3_600_000);

            assertThat(time.wallMs(time.nowMs())).isEqualTo(clock.wallMs);
        }
    }
}
