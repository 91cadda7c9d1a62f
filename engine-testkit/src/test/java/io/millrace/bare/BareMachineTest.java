package io.millrace.bare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The memory engine in a JVM of its own without any flag, logging backend or library but its own: it prints nothing, and needs
 * no file, {@code /proc} and POSIX attributes included.
 */
@Timeout(120)
class BareMachineTest {
    private static final Pattern NEEDED = Pattern.compile(
            ".*(/engine[a-z-]*/target/(test-)?classes|/(engine|agrona|slf4j-api|jspecify)[^/]*\\.jar)/?");

    @TempDir
    Path directory;

    private String run(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", classPath(), EveryTier.class.getName()));
        File output = directory.resolve("output").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output.toPath()).trim();
    }

    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> NEEDED.matcher(entry).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void shouldPrintNothingOfItsOwn() throws Exception {
        assertThat(run()).startsWith("done with ").doesNotContain("\n");
    }

    @Test
    void shouldNeedNoFiles() throws Exception {
        String hidden = "-Djava.nio.file.spi.DefaultFileSystemProvider=" + BareFileSystemProvider.class.getName();

        assertThat(run(hidden)).isEqualTo("done with BareFileSystemProvider");
    }
}
