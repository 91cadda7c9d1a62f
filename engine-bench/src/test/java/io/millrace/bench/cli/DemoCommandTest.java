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
    void shouldKeepItsMessagesInTheDirectoryThatItIsGiven() throws IOException {
        Path input = Files.createDirectory(directory.resolve("input"));
        Files.writeString(input.resolve("a.txt"), "one\ntwo\n");
        Path data = directory.resolve("data");

        for (int i = 0; i < 2; i++) { // what is there already is in nobody's way
            CommandRun run = demo(input, "--durability", "process-crash", "--data", data.toString());

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            assertThat(run.out())
                    .contains("durability=process-crash", "data=" + data)
                    .endsWith("demo: OK\n");
        }
        assertThat(data).isNotEmptyDirectory();
    }

    @Test
    void shouldComeThroughAlthoughItsWorkerIsKilled() throws IOException {
        Files.writeString(directory.resolve("a.txt"), "line of some length\n".repeat(2_000));

        CommandRun run = demo(directory, "--durability", "process-crash", "--crash");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("durability=process-crash crash")
                .containsPattern("workers killed +[5-7]\n")
                .containsPattern("deliveries, at least +2,...\n")
                .endsWith("demo: OK\n");
    }

    @Test
    void shouldRefuseToKillWhatIsOnlyInMemory() throws IOException {
        Files.writeString(directory.resolve("a.txt"), "x");

        CommandRun run = demo(directory, "--crash");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("--crash needs messages that survive it: --durability=memory; choose");
    }

    @Test
    void shouldRefuseADirectoryForWhatIsOnlyInMemory() {
        CommandRun run = demo(directory, "--data", directory.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("--data makes no sense with --durability=memory: --data=" + directory);
    }

    @Test
    void shouldNameTheLevelsInTheHelp() {
        assertThat(CommandRun.of("demo", "--help").out().replaceAll("\\s+", " "))
                .contains("memory, process-crash, power-loss")
                .contains("(default: memory)");
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
