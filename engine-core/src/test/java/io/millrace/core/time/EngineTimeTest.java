package io.millrace.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.EngineClock;
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
}
