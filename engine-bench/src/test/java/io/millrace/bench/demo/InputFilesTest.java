package io.millrace.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
    @TempDir
    private Path directory;

    private void write(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Test
    void shouldFindFilesInTheOrderOfTheirNames() throws IOException {
        write("b.txt", "12");
        write("a/z.txt", "1");

        InputFiles found = InputFiles.below(directory, 100);

        assertThat(found.files()).extracting(InputFile::name).containsExactly("a/z.txt", "b.txt");
        assertThat(found.files()).extracting(InputFile::number).containsExactly(0, 1);
        assertThat(found.totalBytes()).isEqualTo(3);
    }

    @Test
    void shouldLeaveOutWhatIsNoSource() throws IOException {
        write(".git/config", "x");
        write("sub/target/out.class", "x");
        write("large", "123456");
        write("small", "12345");
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("small"));

        InputFiles found = InputFiles.below(directory, 5);

        assertThat(found.files()).extracting(InputFile::name).containsExactly("small");
        assertThat(found.tooLarge()).isEqualTo(1);
        assertThat(found.notRegular()).isEqualTo(1);
    }

    @Test
    void shouldTakeADirectoryThatIsItselfNamedTarget() throws IOException {
        write("target/a", "x");

        assertThat(InputFiles.below(directory.resolve("target"), 5).files()).hasSize(1);
    }

    @Test
    void shouldKeepNamesThatAreNoText() throws IOException {
        Path odd = Path.of(URI.create(directory.toUri() + "caf%E9%FF%20x"));
        Files.writeString(odd, "x");

        InputFiles found = InputFiles.below(directory, 5);

        assertThat(found.files()).extracting(InputFile::name).containsExactly("caf%E9%FF%20x");
        assertThat(Files.readString(found.files().get(0).path())).isEqualTo("x");
    }

    @Test
    void shouldRefuseADirectoryThatDoesNotExist() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> InputFiles.below(missing, 5)).isInstanceOf(NoSuchFileException.class);
    }
}
