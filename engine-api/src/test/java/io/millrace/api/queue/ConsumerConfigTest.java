package io.millrace.api.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConsumerConfigTest {
    private static final ConsumerConfig DEFAULTS = ConsumerConfig.defaults();

    @Test
    void shouldHaveTheDocumentedDefaults() {
        assertThat(DEFAULTS)
                .isEqualTo(new ConsumerConfig(1, 10, Duration.ZERO, Duration.ofSeconds(30), Optional.empty()));
    }

    @Test
    void shouldChangeOneComponentAtATime() {
        Backoff backoff = Backoff.fixed(Duration.ofSeconds(5));
        ConsumerConfig config = DEFAULTS.withConcurrency(4)
                .withBatchSize(100)
                .withBatchWindow(Duration.ofMillis(20))
                .withDrainTimeout(Duration.ZERO)
                .withBackoff(backoff);

        assertThat(config)
                .isEqualTo(new ConsumerConfig(4, 100, Duration.ofMillis(20), Duration.ZERO, Optional.of(backoff)));
        assertThat(config.withoutBackoff().backoff()).isEmpty();
    }

    @Test
    void shouldRefuseWhatIsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withConcurrency(0))
                .withMessage("concurrency must be between 1 and 10000: concurrency=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withBatchSize(1_000_001))
                .withMessage("batchSize must be between 1 and 1000000: batchSize=1000001");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withBatchWindow(Duration.ofHours(2)))
                .withMessage("batchWindow must be at most PT1H: batchWindow=PT2H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withDrainTimeout(Duration.ofSeconds(-1)))
                .withMessage("drainTimeout must not be negative: drainTimeout=PT-1S");
    }
}
