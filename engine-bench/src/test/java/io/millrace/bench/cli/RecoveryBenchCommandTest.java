package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Children with few messages: that all cases are there and their figures fit together, not how fast they are. */
@Timeout(120)
class RecoveryBenchCommandTest {
    @TempDir
    private Path directory;

    private CommandRun recovery(String options) throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        CommandRun run = CommandRun.of(("bench recovery --rounds 2 --data " + data + " --json "
                        + directory.resolve("figures.json") + " " + options)
                .split(" "));
        assertThat(data).isEmptyDirectory();
        return run;
    }

    private List<Map<String, String>> rows() throws IOException {
        return JsonObjects.in(directory.resolve("figures.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"process-crash", "power-loss"})
    void shouldOpenWhatWasClosedAndWhatWasNot(String level) throws IOException {
        CommandRun run = recovery("--messages 3000 --payload 64 --durability " + level);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("live messages/s, at least 2,000,000", "s for 1 GiB of log, at most 2");
        assertThat(rows())
                .extracting(row -> row.get("name"))
                .containsExactly("recovery-clean-cold", "recovery-clean-warm", "recovery-dirty-cold");
        assertThat(rows()).allSatisfy(row -> {
            assertThat(row)
                    .containsEntry("durability", level)
                    .containsEntry("messages", "3000")
                    .containsEntry("rounds", "2");
            assertThat(JsonObjects.number(row, "open_ms"))
                    .isBetween(JsonObjects.number(row, "open_ms_shortest"), JsonObjects.number(row, "open_ms_longest"));
        });
    }

    @Test
    void shouldCountTheBytesOfAWaitingMessage() throws IOException {
        recovery("--messages 20000 --payload 100");

        assertThat(rows()).allSatisfy(row -> {
            assertThat(JsonObjects.number(row, "record_overhead_bytes_each")).isCloseTo(84, within(4.0));
            assertThat(JsonObjects.number(row, "memory_bytes_each")).isGreaterThan(64);
            assertThat(JsonObjects.number(row, "file_overhead_bytes_each"))
                    .isGreaterThan(JsonObjects.number(row, "record_overhead_bytes_each"));
        });
    }
}
