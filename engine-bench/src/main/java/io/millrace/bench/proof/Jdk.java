package io.millrace.bench.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * A JDK on this machine. Immutable.
 *
 * @param home its directory
 * @param feature 17, 21, 25
 */
public record Jdk(Path home, int feature) {
    /** The one that runs this. */
    public static Jdk running() {
        return new Jdk(
                real(Path.of(System.getProperty("java.home"))),
                Runtime.version().feature());
    }

    /** The one that a {@code bin/java} belongs to. */
    static Jdk ofJava(Path java) {
        Path bin = real(java).getParent();
        Path home = bin == null || bin.getParent() == null ? real(java) : bin.getParent();
        return new Jdk(home, feature(home));
    }

    /** Its {@code java}. */
    public Path java() {
        return home.resolve("bin").resolve("java");
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int feature(Path home) {
        Properties release = new Properties();
        try (var in = Files.newInputStream(home.resolve("release"))) {
            release.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("not a JDK: home=" + home, e);
        }
        String version = release.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Runtime.Version.parse(version).feature();
    }

    /** What the project's {@code .ci/jdks} prints, which is where it is decided on which JDKs tests run. */
    static List<Jdk> listedBy(Path script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(script.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = process.inputReader().lines().toList();
        if (process.waitFor() != 0) {
            throw new IOException("JDKs could not be listed: script=" + script + " exitCode=" + process.exitValue());
        }
        return lines.stream().map(line -> ofJava(Path.of(line))).toList();
    }
}
