package io.millrace.stress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few rounds of the hammer, enough to see that it works; the proof runs many. */
class HammerTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldSeeEveryMessageAcknowledged(long seed) throws InterruptedException {
        final Hammer.Report report = new Hammer(seed).run();

        assertThat(report.problems()).isEmpty();
        assertThat(report.acked()).isEqualTo(Hammer.MESSAGES);
        assertThat(report.received()).isGreaterThan(Hammer.MESSAGES);
    }
}
