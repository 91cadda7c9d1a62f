package io.millrace.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.log.Fate.End;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FateTest {
    private static final int SALT = 0x1234_5678;
    private static final int OFFSET = 4_096;
    private static final long NOW_MS = 1_767_225_600_000L;

    private static final long HALF_OF_DEADLINES_MS = 1L << 34;

    @Nested
    class Ends {
        @ParameterizedTest
        @EnumSource(End.class)
        void shouldTellHowTheRecordEnded(End how) {
            assertThat(Fate.endedBy(SALT, OFFSET, Fate.end(SALT, OFFSET, how))).isEqualTo(how);
        }

        @ParameterizedTest
        @EnumSource(End.class)
        void shouldBeOfOnePlaceAndOneGeneration(End how) {
            long word = Fate.end(SALT, OFFSET, how);

            assertThat(Fate.endedBy(SALT + 1, OFFSET, word)).isNull();
            assertThat(Fate.endedBy(SALT, OFFSET + 8, word)).isNull();
        }

        @ParameterizedTest
        @EnumSource(End.class)
        void shouldTellNothingWhenAnyBitIsWrong(End how) {
            long word = Fate.end(SALT, OFFSET, how);
            for (int bit = 0; bit < Long.SIZE; bit++) {
                assertThat(Fate.endedBy(SALT, OFFSET, word ^ (1L << bit)))
                        .as("bit " + bit)
                        .isNull();
            }
        }

        @Test
        void shouldTellNothingOfOtherWords() {
            assertThat(Fate.endedBy(SALT, OFFSET, 0)).isNull();
            assertThat(Fate.endedBy(SALT, OFFSET, -1)).isNull();
        }
    }

    @Nested
    class Flights {
        @ParameterizedTest
        @CsvSource({"0, 5000", "1, 0", "1, 30000", "1023, 43200000", "1048575, 1"})
        void shouldTellReceivesAndDeadline(int receives, long hiddenMs) {
            long deadlineMs = hiddenMs == 0 ? 0 : NOW_MS + hiddenMs;
            long word = Fate.flight(SALT, OFFSET, receives, deadlineMs);

            assertThat(Fate.isFlight(SALT, OFFSET, word)).isTrue();
            assertThat(Fate.receives(word)).isEqualTo(receives);
            assertThat(Fate.isHidden(word)).isEqualTo(hiddenMs > 0);
            if (hiddenMs > 0) {
                assertThat(Fate.deadlineMs(word, NOW_MS)).isEqualTo(deadlineMs);
            }
        }

        @Test
        void shouldBeNothingBeforeTheFirstReceive() {
            assertThat(Fate.flight(SALT, OFFSET, 0, 0)).isZero();
            assertThat(Fate.isFlight(SALT, OFFSET, 0)).isTrue();
            assertThat(Fate.isHidden(0)).isFalse();
        }

        @Test
        void shouldTellSoManyReceivesAtMost() {
            long word = Fate.flight(SALT, OFFSET, Fate.MOST_RECEIVES + 7, 0);

            assertThat(Fate.receives(word)).isEqualTo(Fate.MOST_RECEIVES);
            assertThat(Fate.isFlight(SALT, OFFSET, word)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(longs = {0, 1, -1, HALF_OF_DEADLINES_MS - 1, -HALF_OF_DEADLINES_MS + 1, 198L * 86_400_000})
        void shouldTellDeadlinesThatAreNotTooFarOffAlsoWhereTheyWrap(long awayMs) {
            long wrapMs = (NOW_MS >>> 35 << 35) + (1L << 35);
            for (long nowMs : new long[] {NOW_MS, wrapMs - 1, wrapMs, wrapMs + 1}) {
                long deadlineMs = nowMs + awayMs;
                boolean taken = (deadlineMs & ((1L << 35) - 1)) == 0; // stands for visible: one later
                assertThat(Fate.deadlineMs(Fate.flight(SALT, OFFSET, 1, deadlineMs), nowMs))
                        .as("now " + nowMs)
                        .isEqualTo(taken ? deadlineMs + 1 : deadlineMs);
            }
        }

        @Test
        void shouldHideWhereTheBitsOfTheDeadlineAreZero() {
            assertThat(Fate.isHidden(Fate.flight(SALT, OFFSET, 1, 1L << 35))).isTrue();
        }

        @Test
        void shouldSeldomBeMistaken() {
            SplittableRandom random = new SplittableRandom(1);
            int taken = 0;
            for (int i = 0; i < 100_000; i++) {
                taken += Fate.isFlight(random.nextInt(), random.nextInt(1 << 22), random.nextLong()) ? 1 : 0;
            }
            assertThat(taken).as("one in 512 by chance").isBetween(100, 300);
        }
    }

    @Nested
    class Stamps {
        @ParameterizedTest
        @ValueSource(longs = {1, NOW_MS, (1L << 47) - 1})
        void shouldTellTheInstant(long wallMs) {
            long word = Fate.stamp(SALT, OFFSET, wallMs);

            assertThat(Fate.stampMs(SALT, OFFSET, word)).isEqualTo(wallMs);
            assertThat(Fate.stampMs(SALT + 1, OFFSET, word)).isZero();
            assertThat(Fate.stampMs(SALT, OFFSET + 8, word)).isZero();
            assertThat(Fate.stampMs(SALT, OFFSET, word ^ 1)).isZero();
        }

        @Test
        void shouldTellNothingIfThereIsNone() {
            assertThat(Fate.stamp(SALT, OFFSET, 0)).isZero();
            assertThat(Fate.stampMs(SALT, OFFSET, 0)).isZero();
        }
    }
}
