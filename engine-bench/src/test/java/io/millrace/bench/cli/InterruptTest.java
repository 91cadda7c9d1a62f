package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * Ctrl-C, sent to a JVM of its own: the command says so in one line and the exit code is the shell's for SIGINT.
 *
 * <p>A process that was started with SIGINT ignored hands that down, and cannot test this.
 */
@Timeout(120)
class InterruptTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long SIGINT_BIT = 0b10;
    private static final int LINES = 400_000;

    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path directory;

    @BeforeAll
    static void mustBeAbleToSendSignals() throws IOException {
        if (!Files.exists(STATUS)) {
            throw notRun("no " + STATUS + " to see how SIGINT is handled");
        }
        String ignored = Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .collect(Collectors.joining())
                .replaceAll("\\W|SigIgn", "");
        if ((Long.parseUnsignedLong(ignored, 16) & SIGINT_BIT) != 0) {
            throw notRun("this JVM was started with SIGINT ignored");
        }
    }

    private static TestAbortedException notRun(String reason) {
        System.out.println("NOT RUN: InterruptTest: " + reason);
        return new TestAbortedException(reason);
    }

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Millrace.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).start();
        started.add(process);
        return process;
    }

    private static void interrupt(Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    private static void awaitOutput(Process process, String text) throws IOException {
        BufferedReader out = process.inputReader();
        String line = out.readLine();
        while (line != null && !line.contains(text)) {
            line = out.readLine();
        }
        assertThat(line).as("output that contains '%s'", text).isNotNull();
    }

    private static void assertInterrupted(Process process, String command) throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.errorReader().lines()).containsExactly(command + ": interrupted");
        assertThat(process.exitValue()).isEqualTo(130);
    }

    @Test
    void shouldEndADemo() throws Exception {
        Files.writeString(directory.resolve("long.txt"), "line\n".repeat(LINES));
        Process process = start("demo", "--input", directory.toString());
        awaitOutput(process, "demo: 25 %");

        interrupt(process);

        assertInterrupted(process, "millrace demo");
    }

    @Test
    void shouldEndADemoAndItsWorker() throws Exception {
        Files.writeString(directory.resolve("long.txt"), "line\n".repeat(LINES));
        Process process = start("demo", "--input", directory.toString(), "--durability", "process-crash", "--crash");
        awaitOutput(process, "demo: 25 %");

        interrupt(process);

        assertInterrupted(process, "millrace demo");
        assertThat(process.descendants()).isEmpty();
    }

    @Test
    void shouldEndABenchmark() throws Exception {
        Process process = start("bench", "queue", "--warmups", "1000", "--messages", "100000");
        awaitOutput(process, "warm-up");

        interrupt(process);

        assertInterrupted(process, "millrace bench queue");
    }

    @Test
    void shouldEndABenchmarkInOtherProcesses() throws Exception {
        Process process =
                start("bench", "compare", "--only=disruptor", "--heap-mib=160", "--window=64", "--warmups=1000");
        awaitOutput(process, "warm-up");

        interrupt(process);

        assertInterrupted(process, "millrace bench compare");
        assertThat(process.descendants()).isEmpty();
    }
}
