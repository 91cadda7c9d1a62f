package io.millrace.api.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void shouldStayTheSameWhenFixed() {
        Backoff backoff = Backoff.fixed(SECOND);

        assertThat(backoff.delayAfter(1)).isEqualTo(SECOND);
        assertThat(backoff.delayAfter(Integer.MAX_VALUE)).isEqualTo(SECOND);
    }

    @Test
    void shouldDoubleUpToTheLongest() {
        Backoff backoff = Backoff.doubling(SECOND, Duration.ofSeconds(5));

        assertThat(backoff.delayAfter(1)).isEqualTo(SECOND);
        assertThat(backoff.delayAfter(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(backoff.delayAfter(3)).isEqualTo(Duration.ofSeconds(4));
        assertThat(backoff.delayAfter(4)).isEqualTo(Duration.ofSeconds(5));
        assertThat(backoff.delayAfter(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void shouldRoundToMilliseconds() {
        Backoff backoff = new Backoff(Duration.ofMillis(1), SECOND, 1.5);

        assertThat(backoff.delayAfter(2)).isEqualTo(Duration.ofMillis(2));
        assertThat(backoff.delayAfter(3)).isEqualTo(Duration.ofMillis(2));
    }

    @Test
    void shouldStayAtZeroForEver() {
        Backoff backoff = Backoff.doubling(Duration.ZERO, SECOND);

        assertThat(backoff.delayAfter(1)).isZero();
        assertThat(backoff.delayAfter(10)).isZero();
        assertThat(backoff.delayAfter(Integer.MAX_VALUE)).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.99, -1, 1_000.1, Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRefuseFactorOutOfRange(double factor) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(SECOND, SECOND, factor))
                .withMessage("factor must be between 1 and 1000: factor=" + factor);
    }

    @Test
    void shouldRefuseWhatIsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.doubling(Duration.ofSeconds(2), SECOND))
                .withMessage("first must be at most PT1S: first=PT2S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.fixed(Duration.ofDays(91)))
                .withMessage("max must be at most PT2160H: max=PT2184H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.fixed(SECOND).delayAfter(0))
                .withMessage("receiveCount must be at least 1: receiveCount=0");
    }
}
