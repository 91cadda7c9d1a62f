package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code millrace proof} refuses before anything runs. */
class ProofCommandTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--scale=0",
                "--scale=-1",
                "--scale=1001",
                "--scale=0.5",
                "--scale=many",
                "--only=nonsense",
                "--only=",
                "--report=/does/not/exist/report.txt"
            })
    void shouldNameOptionAndValue(String mistake) {
        CommandRun run = CommandRun.of("proof", mistake);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().findFirst().orElseThrow())
                .contains(mistake.substring(0, mistake.indexOf('=')))
                .contains(mistake.substring(mistake.indexOf('=') + 1));
        assertThat(run.err()).contains("Usage: millrace proof");
    }

    @ParameterizedTest
    @ValueSource(strings = {"leak", "--nonsense", "--only"})
    void shouldShowUsageForWhatItDoesNotKnow(String argument) {
        CommandRun run = CommandRun.of("proof", argument);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Usage: millrace proof");
    }

    @Test
    void shouldListWhatCanBeChosen() {
        assertThat(CommandRun.of("proof", "--help").out())
                .contains("tests")
                .contains("other-jdks")
                .contains("jcstress");
    }
}
