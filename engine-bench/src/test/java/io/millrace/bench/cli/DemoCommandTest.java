package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DemoCommandTest {
    @TempDir
    private Path directory;

    private CommandRun demo(Path input, String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "demo";
        args[1] = "--input";
        args[2] = input.toString();
        System.arraycopy(more, 0, args, 3, more.length);
        return CommandRun.of(args);
    }

    @Test
    void shouldEndWithASummaryAndOk() throws IOException {
        Files.writeString(directory.resolve("a.txt"), "one\ntwo\r\n\nfour");

        CommandRun run = demo(directory, "--consumers", "2", "--seed", "7");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("files=1 ", "seed=7", "durability=memory", "100 % of the bytes are back")
                .containsPattern("messages sent +5\n")
                .containsPattern("dead letters +2\n")
                .containsPattern("redriven +2\n")
                .contains("redeliveries", "rate while sending", "delivery p50", "delivery p90", "delivery p99")
                .endsWith("demo: OK\n");
    }

    @Test
    void shouldRefuseAFileInPlaceOfADirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("a.txt"), "x");

        CommandRun run = demo(file);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("--input is not a directory: --input=" + file);
    }

    @Test
    void shouldRefuseADirectoryWithNothingToSend() throws IOException {
        Files.writeString(directory.resolve("large.txt"), "larger than ten bytes");

        CommandRun run = demo(directory, "--max-file-bytes", "10");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("--input holds no file to send: --input=" + directory + " tooLarge=1");
    }
}
