package io.millrace.api.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReceiveOptionsTest {
    @Test
    void shouldLeaveTheRestToTheQueue() {
        ReceiveOptions options = ReceiveOptions.upTo(10);

        assertThat(options).isEqualTo(new ReceiveOptions(10, Optional.empty(), Optional.empty()));
    }

    @Test
    void shouldChangeOneComponentAtATime() {
        ReceiveOptions options =
                ReceiveOptions.upTo(10).withWait(Duration.ofSeconds(1)).withVisibilityTimeout(Duration.ZERO);

        assertThat(options.max()).isEqualTo(10);
        assertThat(options.maxWait()).contains(Duration.ofSeconds(1));
        assertThat(options.visibilityTimeout()).contains(Duration.ZERO);
    }

    @Test
    void shouldRoundUpToMilliseconds() {
        assertThat(ReceiveOptions.upTo(1).withWait(Duration.ofNanos(1)).maxWait())
                .contains(Duration.ofMillis(1));
    }

    @Test
    void shouldRefuseWhatIsOutOfRange() {
        ReceiveOptions options = ReceiveOptions.upTo(1_000_000);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReceiveOptions.upTo(0))
                .withMessage("max must be between 1 and 1000000: max=0");
        assertThatIllegalArgumentException().isThrownBy(() -> ReceiveOptions.upTo(1_000_001));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.withWait(Duration.ofMillis(-1)))
                .withMessage("maxWait must not be negative: maxWait=PT-0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.withWait(Duration.ofHours(2)))
                .withMessage("maxWait must be at most PT1H: maxWait=PT2H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.withVisibilityTimeout(Duration.ofDays(91)))
                .withMessage("visibilityTimeout must be at most PT2160H: visibilityTimeout=PT2184H");
    }
}
