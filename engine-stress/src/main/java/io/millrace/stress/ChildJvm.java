package io.millrace.stress;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts JVMs on the class path of this one. Stateless. */
public final class ChildJvm {
    /**
     * How a JVM ended.
     *
     * @param exitCode its exit code, or -1 if it was ended after its time
     * @param timedOut whether it was
     * @param out what it wrote to its standard output
     * @param err what it wrote to its standard error
     */
    public record Outcome(int exitCode, boolean timedOut, String out, String err) {
        /** The last line that it wrote, of the error output if there is any. */
        public String lastLine() {
            final String text = out.isBlank() ? err : out;
            final List<String> lines =
                    text.lines().filter(line -> !line.isBlank()).toList();
            return lines.isEmpty() ? "(no output)" : lines.get(lines.size() - 1);
        }
    }

    /** Nothing but warnings and errors on the standard error. */
    public static final String WARNINGS_ONLY = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn";

    private static final String CORE_FILES = "-XX:-CreateCoredumpOnCrash";

    private ChildJvm() {}

    /** The class path of this JVM. */
    public static String classPath() {
        return System.getProperty("java.class.path");
    }

    /** The {@code java} of this JVM. */
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /**
     * Runs a main class with this JVM's {@code java}.
     *
     * @param first what comes before the class path of this JVM, or empty
     * @param longestMs time after which it is ended, in milliseconds
     * @param arguments the main class and its arguments
     */
    public static Outcome run(String first, long longestMs, List<String> arguments)
            throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(java().toString());
        command.add("-Xmx1g");
        command.add(CORE_FILES);
        command.add(WARNINGS_ONLY);
        command.add("-XX:ErrorFile=/dev/null");
        command.add("-cp");
        command.add(first.isEmpty() ? classPath() : first + File.pathSeparator + classPath());
        command.addAll(arguments);
        return run(command, longestMs);
    }

    /** Runs a command line to its end, at most for {@code longestMs} milliseconds. */
    public static Outcome run(List<String> command, long longestMs) throws IOException, InterruptedException {
        final Path out = Files.createTempFile("millrace-out-", ".txt");
        final Path err = Files.createTempFile("millrace-err-", ".txt");
        try {
            final Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            final boolean ended = process.waitFor(longestMs, TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            return new Outcome(
                    ended ? process.exitValue() : -1,
                    !ended,
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
