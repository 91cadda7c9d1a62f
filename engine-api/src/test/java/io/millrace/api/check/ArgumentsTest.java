package io.millrace.api.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void shouldNameWhatIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> Arguments.notNull("clock", null))
                .withMessage("clock must not be null");
    }

    @Nested
    class Integers {
        @Test
        void shouldAcceptBothEndsOfARange() {
            assertThat(Arguments.between("max", 1, 1, 10)).isEqualTo(1);
            assertThat(Arguments.between("max", 10, 1, 10)).isEqualTo(10);
        }

        @Test
        void shouldRefuseBothNeighboursOfARange() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Arguments.between("max", 0, 1, 10))
                    .withMessage("max must be between 1 and 10: max=0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Arguments.between("max", 11, 1, 10))
                    .withMessage("max must be between 1 and 10: max=11");
        }

        @Test
        void shouldRefuseWhatIsBelowABound() {
            assertThat(Arguments.atLeast("maxBacklog", 1, 1)).isEqualTo(1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Arguments.atLeast("maxBacklog", 0, 1))
                    .withMessage("maxBacklog must be at least 1: maxBacklog=0");
        }
    }

    @Nested
    class Durations {
        private static final Duration HOUR = Duration.ofHours(1);

        @Test
        void shouldAcceptZeroAndTheBound() {
            assertThat(Arguments.atMost("delay", Duration.ZERO, HOUR)).isEqualTo(Duration.ZERO);
            assertThat(Arguments.atMost("delay", HOUR, HOUR)).isEqualTo(HOUR);
        }

        @Test
        void shouldRefuseWhatIsNegative() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Arguments.atMost("visibilityTimeout", Duration.ofSeconds(-1), HOUR))
                    .withMessage("visibilityTimeout must not be negative: visibilityTimeout=PT-1S");
        }

        @Test
        void shouldRefuseWhatIsAboveTheBound() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Arguments.atMost("delay", HOUR.plusNanos(1), HOUR))
                    .withMessage("delay must be at most PT1H: delay=PT1H0.000000001S");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Arguments.atMost("delay", Duration.ofSeconds(Long.MAX_VALUE), HOUR));
        }

        @Test
        void shouldRefuseZeroWhereItMustBePositive() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Arguments.positiveAtMost("retention", Duration.ZERO, HOUR))
                    .withMessage("retention must be positive: retention=PT0S");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Arguments.positiveAtMost("retention", Duration.ofMillis(-1), HOUR))
                    .withMessage("retention must be positive: retention=PT-0.001S");
        }

        @Test
        void shouldRoundUpToWholeMilliseconds() {
            assertThat(Arguments.atMost("delay", Duration.ofNanos(1), HOUR)).isEqualTo(Duration.ofMillis(1));
            assertThat(Arguments.atMost("delay", Duration.ofNanos(1_000_001), HOUR))
                    .isEqualTo(Duration.ofMillis(2));
            assertThat(Arguments.atMost("delay", HOUR.minusNanos(1), HOUR)).isEqualTo(HOUR);
        }
    }

    @Nested
    class Shown {
        @Test
        void shouldLeaveHarmlessTextAlone() {
            assertThat(Arguments.shown("orders é", 10)).isEqualTo("orders é");
        }

        @Test
        void shouldCutLongText() {
            assertThat(Arguments.shown("0123456789", 4)).isEqualTo("0123...");
        }

        @Test
        void shouldEscapeWhatDoesNotPrint() {
            assertThat(Arguments.shown("a\nb\u0000\u202E\u2028", 10)).isEqualTo("a\\u000ab\\u0000\\u202e\\u2028");
        }

        @Test
        void shouldEscapeSurrogatesSoThatNoneIsCutInTwo() {
            assertThat(Arguments.shown("\uD83D\uDE00", 1)).isEqualTo("\\ud83d...");
        }
    }
}
