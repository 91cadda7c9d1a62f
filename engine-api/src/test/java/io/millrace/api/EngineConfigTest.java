package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EngineConfigTest {
    private static final EngineClock STOPPED = new EngineClock() {
        @Override
        public long wallMs() {
            return 0;
        }

        @Override
        public long monotonicNs() {
            return 0;
        }
    };

    @Test
    void shouldDefaultToHalfOfTheHeapTheSystemClockAndNoMetrics() {
        EngineConfig config = EngineConfig.defaults();

        assertThat(config.offHeapLimit()).isEqualTo(Runtime.getRuntime().maxMemory() / 2);
        assertThat(config.clock()).isSameAs(EngineClock.system());
        assertThat(config.metrics()).isSameAs(EngineMetrics.none());
    }

    @Test
    void shouldChangeOneComponentAtATime() {
        EngineMetrics metrics = meter -> () -> {};
        EngineConfig config = EngineConfig.defaults()
                .withOffHeapLimit(1 << 20)
                .withClock(STOPPED)
                .withMetrics(metrics)
                .withInFlightAtRestart(InFlightAtRestart.RELEASE);

        assertThat(config)
                .isEqualTo(new EngineConfig(1 << 20, STOPPED, metrics, InFlightAtRestart.RELEASE, false, false));
        assertThat(config.allowSharedDirectory())
                .isEqualTo(new EngineConfig(1 << 20, STOPPED, metrics, InFlightAtRestart.RELEASE, true, false));
        assertThat(config.allowNetworkDirectory())
                .isEqualTo(new EngineConfig(1 << 20, STOPPED, metrics, InFlightAtRestart.RELEASE, false, true));
    }

    @Test
    void shouldRefuseLimitBelowOneMebibyte() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EngineConfig.defaults().withOffHeapLimit((1 << 20) - 1))
                .withMessage("offHeapLimit must be at least 1048576: offHeapLimit=1048575");
    }

    @Test
    void shouldReadTheMachinesClock() {
        EngineClock clock = EngineClock.system();

        long before = clock.monotonicNs();

        assertThat(clock.monotonicNs() - before).isNotNegative();
        assertThat(clock.wallMs()).isPositive();
    }
}
