package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong usage: nothing runs, the mistake is named, the usage follows, exit code 2. */
class MillraceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo --consumers=0",
                "demo --consumers=-1",
                "demo --consumers=257",
                "demo --consumers=many",
                "demo --seed=x",
                "demo --max-file-bytes=0",
                "demo --max-file-bytes=99999999999",
                "demo --durability=power_loss",
                "demo --input=/does/not/exist",
                "bench queue --payload=7",
                "bench queue --payload=16777217",
                "bench queue --payload=large",
                "bench queue --producers=0",
                "bench queue --consumers=-3",
                "bench queue --batch=0",
                "bench queue --messages=0",
                "bench queue --messages=-5",
                "bench queue --backlog=-1",
                "bench queue --backlog=100000000000",
                "bench queue --window=0",
                "bench queue --rounds=0",
                "bench queue --warmups=-1",
                "bench queue --tier=middle",
                "bench queue --durability=disk",
                "bench queue --json=/does/not/exist/figures.json"
            })
    void shouldNameOptionAndValue(String line) {
        String[] args = line.split(" ", -1);
        String[] mistake = args[args.length - 1].split("=", 2);

        CommandRun run = CommandRun.of(args);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().findFirst().orElseThrow())
                .contains(mistake[0])
                .contains(mistake[1]);
        assertThat(run.err()).contains("Usage: millrace " + (args[0].equals("demo") ? "demo" : "bench queue"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bench", "nonsense", "demo --nonsense", "demo nonsense", "bench queue 7", "--input"})
    void shouldShowUsageForWhatItDoesNotKnow(String line) {
        CommandRun run = CommandRun.of(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Usage: millrace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--producers=1", "--consumers=1", "--batch=1"})
    void shouldRefuseWhatACycleCannotHave(String option) {
        CommandRun run = CommandRun.of("bench", "queue", "--cycle", option);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith(option.substring(0, option.indexOf('=')) + " makes no sense with --cycle");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "demo --help", "bench --help", "bench queue --help", "--version", "demo --version"})
    void shouldHelpWhenAsked(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("millrace");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldShowDefaultsInTheHelp() {
        assertThat(CommandRun.of("bench", "queue", "--help").out())
                .contains("(default: 256)")
                .contains("(default: both)")
                .contains("(default: memory)");
    }
}
