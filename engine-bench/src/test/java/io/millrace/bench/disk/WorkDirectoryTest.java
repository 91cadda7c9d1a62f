package io.millrace.bench.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
    @TempDir
    private Path parent;

    @Test
    void shouldGoWithAllThatIsInItAndNothingElse() throws IOException {
        Path neighbour = Files.createFile(parent.resolve("neighbour"));

        try (WorkDirectory directory = WorkDirectory.in(parent, "work")) {
            Files.createFile(
                    Files.createDirectory(directory.path().resolve("below")).resolve("file"));
        }

        assertThat(parent).isDirectoryContaining(neighbour::equals);
        assertThat(parent.toFile().list()).hasSize(1);
    }

    @Test
    void shouldHaveANameOfItsOwn() {
        try (WorkDirectory one = WorkDirectory.in(parent, "work");
                WorkDirectory other = WorkDirectory.in(parent, "work")) {
            assertThat(one.path()).isNotEqualTo(other.path());
        }
    }

    @Test
    void shouldSayWhichDirectoryIsNotThere() {
        Path missing = parent.resolve("missing");

        assertThatThrownBy(() -> WorkDirectory.in(missing, "work"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("parent=" + missing);
    }
}
