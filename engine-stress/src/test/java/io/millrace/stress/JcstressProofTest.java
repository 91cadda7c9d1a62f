package io.millrace.stress;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.stress.StressRun.Found;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as a failure of a stress test. */
class JcstressProofTest {
    private static final List<String> NOTHING = List.of();

    @Test
    void shouldAcceptATestThatFoundNothing() {
        assertThat(JcstressProof.verdict(new Found("a.XStress.Y", 1, false, NOTHING)))
                .isEqualTo("ok");
    }

    @Test
    void shouldFailATestThatWasNotScheduled() {
        assertThat(JcstressProof.verdict(new Found("a.XStress.Y", 0, false, NOTHING)))
                .isEqualTo("FAILED: was not scheduled");
    }

    @Test
    void shouldFailATestThatSawAForbiddenOutcome() {
        assertThat(JcstressProof.verdict(new Found("a.XStress.Y", 9, true, List.of("forbidden 0, 0"))))
                .isEqualTo("FAILED: forbidden 0, 0");
    }

    @Test
    void shouldFailANegativeControlThatShowsNothing() {
        assertThat(JcstressProof.verdict(new Found("a.XStress.ControlWithoutFence", 9, false, NOTHING)))
                .isEqualTo("FAILED: the planted weakness does not show");
        assertThat(JcstressProof.verdict(new Found("a.XStress.ControlWithoutFence", 9, true, NOTHING)))
                .startsWith("ok");
    }
}
