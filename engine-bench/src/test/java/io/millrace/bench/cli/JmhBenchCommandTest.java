package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JmhBenchCommandTest {
    @TempDir
    private Path directory;

    /** Another JMH on this machine does not matter when no figure does. */
    @BeforeAll
    static void runBesideOthers() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Test
    void shouldRunThoseThatThePatternNames() throws IOException {
        Path file = directory.resolve("figures.json");

        CommandRun run = CommandRun.of(
                "bench",
                "jmh",
                "OperationGate.*member",
                "--forks=0",
                "--warmups=0",
                "--iterations=1",
                "--time-ms=5",
                "--json=" + file);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("OperationGateBenchmark.memberEnterAndExit")
                .doesNotContain("oldestEra");
        assertThat(JsonObjects.in(file)).singleElement().satisfies(JmhBenchCommandTest::isComplete);
    }

    private static void isComplete(Map<String, String> row) {
        assertThat(row)
                .containsEntry("name", "io.millrace.bench.micro.OperationGateBenchmark.memberEnterAndExit")
                .containsEntry("iterations", "1");
        assertThat(JsonObjects.number(row, "ns_per_op")).isPositive();
        assertThat(JsonObjects.number(row, "alloc_bytes_per_op")).isNotNegative();
    }

    @Test
    void shouldRefuseAPatternThatNamesNothing() {
        CommandRun run = CommandRun.of("bench", "jmh", "Nonsense");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("PATTERN is in no benchmark's name: PATTERN=[Nonsense]");
    }
}
