package io.millrace.bench.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Legs run in processes; what they print is shown and kept, verdicts end in the summary. */
@Timeout(60)
class ProofRunTest {
    private final StringWriter shown = new StringWriter();

    @TempDir
    private Path directory;

    private static Leg shell(String name, String script) {
        return Leg.of(name, List.of("sh", "-c", script), Map.of("GREETING", "hello"));
    }

    private boolean run(Leg... legs) throws Exception {
        try (ProofReport report = new ProofReport(new PrintWriter(shown, true), file())) {
            new ProofRun(directory, report).run(List.of(legs));
            return report.sum();
        }
    }

    private Path file() {
        return directory.resolve("report.txt");
    }

    private List<String> summary() {
        List<String> lines = shown.toString().lines().toList();
        return lines.subList(lines.lastIndexOf("== summary") + 1, lines.size());
    }

    @Test
    void shouldShowAndKeepWhatALegPrints() throws Exception {
        assertThat(run(shell("talk", "echo $GREETING; echo oops >&2"))).isTrue();

        assertThat(shown.toString().lines()).contains("hello", "oops");
        assertThat(Files.readString(file())).isEqualTo(shown.toString());
    }

    @Test
    void shouldRunWhatFollowsAFailedLeg() throws Exception {
        assertThat(run(shell("bad", "exit 3"), shell("good", "echo fine"))).isFalse();

        assertThat(summary().get(0)).startsWith("bad: FAILED, exit code 3");
        assertThat(summary().get(1)).startsWith("good: ok, ");
        assertThat(summary().get(3)).isEqualTo("proof: FAILED");
    }

    @Test
    void shouldFailALegThatCannotBeStarted() throws Exception {
        assertThat(run(Leg.of("nothing", List.of("/does/not/exist"), Map.of()))).isFalse();

        assertThat(summary().get(0)).startsWith("nothing: FAILED, ").contains("/does/not/exist");
    }

    @Test
    void shouldCountWhatDidNotRun() throws Exception {
        String inside = "echo 'NOT RUN: InterruptTest: no signals'; echo '== summary'; echo 'leak: NOT RUN: no /proc'";

        assertThat(run(Leg.notRun("tests on another JDK", "none found"), shell("proofs", inside)))
                .isTrue();

        assertThat(summary())
                .startsWith(
                        "NOT RUN: tests on another JDK: none found",
                        "NOT RUN: InterruptTest: no signals",
                        "NOT RUN: leak: no /proc")
                .endsWith("not run: 3", "proof: OK");
    }

    @Test
    void shouldRepeatVerdictsAndCountTests() throws Exception {
        String maven = "echo '[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in X';"
                + "echo '[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0';"
                + "echo '[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0'";
        String proofs = "echo 'not yet: ok, this'; echo '== summary, scale 1'; echo 'jcstress: ok, 50 tests'";

        assertThat(run(shell("tests", maven), shell("proofs", proofs))).isTrue();

        assertThat(summary().get(0)).startsWith("tests: ok, 9 tests, ");
        assertThat(summary()).contains("jcstress: ok, 50 tests").doesNotContain("not yet: ok, this");
    }

    @Test
    void shouldEndItsProcessesWhenInterrupted() throws Exception {
        Path pids = directory.resolve("pids");
        CountDownLatch told = new CountDownLatch(1);
        Thread test = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            try {
                while (!Files.exists(pids) || Files.readAllLines(pids).size() < 2) {
                    Thread.onSpinWait();
                }
                told.countDown();
                test.interrupt();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        interrupter.start();

        assertThatThrownBy(() -> run(shell("long", "sleep 300 & echo $! >>" + pids + "; echo $$ >>" + pids + "; wait")))
                .isInstanceOf(InterruptedException.class);

        assertThat(told.getCount()).isZero();
        for (String pid : Files.readAllLines(pids)) {
            ProcessHandle.of(Long.parseLong(pid))
                    .ifPresent(handle -> assertThat(handle.onExit()).succeedsWithin(java.time.Duration.ofSeconds(10)));
        }
    }
}
