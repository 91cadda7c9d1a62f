package io.millrace.stress.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Durability;
import io.millrace.stress.kill.KillRun.Order;
import io.millrace.stress.kill.KillRun.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kill harness works; the proof kills often. */
@Timeout(120)
class KillRunTest {
    private static final long SEED = Long.getLong("proof.seed", 1);

    @TempDir
    private Path home;

    private KillRun run(Durability durability, int kills) throws Exception {
        final Path classes = Files.createDirectory(home.resolve("classes"));
        return new KillRun(new Order(durability, SEED, kills, classes, List.of()), home);
    }

    @Test
    void shouldAgreeWithAnEngineThatNobodyKills() throws Exception {
        final Report report = run(Durability.MEMORY, 0).runStill();

        assertThat(report.problems()).isEmpty();
    }

    @Test
    void shouldFindWhatWasPromisedAfterKills() throws Exception {
        final Report report = run(Durability.PROCESS_CRASH, 3).run();

        assertThat(report.problems()).isEmpty();
        assertThat(report.kills()).isEqualTo(3);
    }

    @Test
    void shouldObjectToAnEngineThatForgets() throws Exception {
        final Report report = run(Durability.MEMORY, 20).run();

        assertThat(report.problems()).anyMatch(problem -> problem.contains("lost"));
    }
}
