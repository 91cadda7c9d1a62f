package io.millrace.stress.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.stress.mutants.Workshop;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The named places are where the table says. */
class KillPointsTest {
    private final Workshop workshop = Workshop.open().orElseThrow();

    @Test
    void shouldFindEveryTextExactlyOnce() {
        assertThat(KillPoints.all())
                .allSatisfy(point -> assertThat(workshop.occurrences(point.source(), point.edit()))
                        .as("%s in %s", point.text(), point.source())
                        .isEqualTo(1));
    }

    @Test
    void shouldCompileWithAllOfThem(@TempDir Path directory) throws Exception {
        assertThat(KillPoints.plant(workshop, Files.createDirectory(directory.resolve("classes"))))
                .isEmpty();
    }
}
