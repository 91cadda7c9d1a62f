package io.millrace.core.slot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlWordTest {
    private static final long NOW = 1_700_000_000_123L;

    private final long ready = ControlWord.publish(ControlWord.free(0xABCD), 0);

    @Test
    void shouldKeepTheGenerationThroughEveryTransition() {
        long inFlight = ControlWord.claim(ready, NOW);
        long[] words = {
            ready,
            inFlight,
            ControlWord.publishDelayed(ControlWord.free(0xABCD), NOW),
            ControlWord.write(ControlWord.free(0xABCD)),
            ControlWord.passOver(ControlWord.free(0xABCD)),
            ControlWord.extend(inFlight, NOW + 1),
            ControlWord.release(inFlight),
            ControlWord.unclaim(inFlight),
            ControlWord.move(inFlight),
            ControlWord.moved(inFlight, ControlWord.DELAYED),
            ControlWord.end(inFlight)
        };

        for (long word : words) {
            assertThat(ControlWord.generation(word))
                    .as(ControlWord.toString(word))
                    .isEqualTo(0xABCD);
        }
    }

    @Test
    void shouldCountAFlightPerClaimAndTakeItBackWhenUndone() {
        long claimed = ControlWord.claim(ControlWord.release(ControlWord.claim(ready, NOW)), NOW);

        assertThat(ControlWord.flight(claimed)).isEqualTo(2);
        assertThat(ControlWord.flight(ControlWord.unclaim(claimed))).isEqualTo(1);
        assertThat(ControlWord.isIn(ControlWord.unclaim(claimed), ControlWord.READY))
                .isTrue();
    }

    @Test
    void shouldWrapTheFlightWithoutTouchingItsNeighbours() {
        long word = ControlWord.publish(ControlWord.free(0xFFFF), ControlWord.FLIGHTS - 1);

        long claimed = ControlWord.claim(word, NOW);

        assertThat(ControlWord.flight(claimed)).isZero();
        assertThat(ControlWord.isIn(claimed, ControlWord.IN_FLIGHT)).isTrue();
        assertThat(ControlWord.flight(ControlWord.unclaim(claimed))).isEqualTo(ControlWord.FLIGHTS - 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 30_000, 43_200_000, 90L * 24 * 3_600_000, (1L << 34) - 1})
    void shouldTellDeadlinesAheadAndBehindAcrossTheWrap(long distance) {
        for (long now : new long[] {0, NOW, (1L << 35) - 1, 1L << 35, (1L << 35) + 5, Long.MAX_VALUE >>> 8}) {
            long word = ControlWord.claim(ready, now + distance);

            assertThat(ControlWord.deadlineMs(word, now)).isEqualTo(now + distance);
            assertThat(ControlWord.isDue(word, now)).isEqualTo(distance == 0);
            assertThat(ControlWord.isDue(word, now + distance)).isTrue();
            if (distance > 0) {
                assertThat(ControlWord.isDue(word, now + distance - 1)).isFalse();
            }
        }
    }

    @Test
    void shouldKnowThatAReceiverHasPassedOverAnUnpublishedSlot() {
        long free = ControlWord.free(7);

        assertThat(ControlWord.isPassedOver(free)).isFalse();
        assertThat(ControlWord.isPassedOver(ControlWord.passOver(free))).isTrue();
        assertThat(ControlWord.isIn(ControlWord.passOver(free), ControlWord.FREE))
                .isTrue();
        assertThat(ControlWord.flight(ControlWord.publish(ControlWord.passOver(free), 0)))
                .isZero();
    }

    @Test
    void shouldCallAnExtendedFlightTheSameAndAReclaimedOneAnother() {
        long claimed = ControlWord.claim(ready, NOW);
        long again = ControlWord.claim(ControlWord.release(claimed), NOW);

        assertThat(ControlWord.isSameFlight(ControlWord.extend(claimed, NOW + 9), claimed))
                .isTrue();
        assertThat(ControlWord.isSameFlight(again, claimed)).isFalse();
        assertThat(ControlWord.isSameFlight(ControlWord.end(claimed), claimed)).isFalse();
    }

    @Test
    void shouldKeepFlightAndDeadlineWhileMoving() {
        long claimed = ControlWord.claim(ready, NOW + 500);

        long back = ControlWord.moved(ControlWord.move(claimed), ControlWord.IN_FLIGHT);

        assertThat(back).isEqualTo(claimed);
    }

    @Test
    void shouldCallOnlyUndecidedMessagesLive() {
        assertThat(ControlWord.isLive(ready)).isTrue();
        assertThat(ControlWord.isLive(ControlWord.claim(ready, NOW))).isTrue();
        assertThat(ControlWord.isLive(ControlWord.publishDelayed(0, NOW))).isTrue();
        assertThat(ControlWord.isLive(ControlWord.free(1))).isFalse();
        assertThat(ControlWord.isLive(ControlWord.move(ready))).isFalse();
        assertThat(ControlWord.isLive(ControlWord.end(ready))).isFalse();
    }
}
