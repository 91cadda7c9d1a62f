package io.millrace.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whichever system call fails, once or from then on: what was acknowledged is there when the directory is opened again. */
class ErrorLoopTest {
    @TempDir
    Path temporary;

    @ParameterizedTest
    @CsvSource({
        "PROCESS_CRASH, false, false, Input/output error",
        "PROCESS_CRASH, true, true, No space left on device",
        "POWER_LOSS, true, false, Input/output error",
        "POWER_LOSS, false, true, Input/output error"
    })
    void shouldKeepWhatWasAcknowledgedWhicheverCallFails(
            Durability durability, boolean isOld, boolean forGood, String error) throws IOException {
        List<String> broken = new ArrayList<>();
        boolean all = false;
        int n = 0;
        while (!all) {
            n++;
            Path directory = temporary.resolve("data-" + n);
            FailingCalls calls = new FailingCalls(n, forGood, error);
            Script script = new Script(directory, durability);
            try {
                if (isOld) {
                    script.run(new FailingCalls(0, false, ""));
                }
                script.run(calls);
                script.verify();
            } catch (AssertionError | RuntimeException e) {
                broken.add("call " + n + " (" + calls.failed() + "): " + e.getMessage() + " " + script.said());
            }
            all = calls.failed().isEmpty();
            delete(directory);
        }
        assertThat(broken).as("of " + n + " calls").isEmpty();
        assertThat(n).isGreaterThan(100);
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
