package io.millrace.stress;

import io.millrace.Engine;
import io.millrace.api.DirectoryInUseException;
import io.millrace.api.Durability;
import io.millrace.api.EngineClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An engine that is process 1, as in a container, is killed and started again, as process 1 of another namespace: the directory
 * opens, although a process of the same number had it. While the first lives, everybody else is refused. Stateless.
 */
final class ProcessOneProof {
    private static final String NAME = "pid-1";

    /** At scale 1. */
    private static final int KILLS = 8;

    private static final long LONGEST_MS = 20_000;
    private static final long NS_PER_MS = 1_000_000;

    private ProcessOneProof() {}

    static List<Summary> run(double scale) throws IOException, InterruptedException {
        final Optional<List<String>> prefix = Namespaces.asProcessOne();
        if (prefix.isEmpty()) {
            return List.of(Summary.notRun(NAME, "no process may have a namespace of processes here"));
        }
        final Path home = Files.createTempDirectory("millrace-pid-1-");
        final int kills = (int) Math.max(2, KILLS * scale);
        long longestMs = 0;
        try {
            for (Durability level : List.of(Durability.PROCESS_CRASH, Durability.POWER_LOSS)) {
                for (int n = 0; n < kills / 2; n++) {
                    longestMs = Math.max(longestMs, kill(prefix.get(), home.resolve(level.name()), level, n));
                }
            }
        } catch (AssertionError e) {
            return List.of(Summary.failed(NAME, e.getMessage() + " directory=" + home));
        }
        DirectoryFiles.delete(home);
        return List.of(Summary.ok(
                NAME, kills + " kills of process 1, from its start to its first answer " + longestMs + " ms at most"));
    }

    /** Lets a process open a directory in which {@code n} were killed before, and kills it; how long opening took. */
    private static long kill(List<String> prefix, Path directory, Durability level, int n)
            throws IOException, InterruptedException {
        final List<String> command = command(prefix, directory, level);
        final long begunNs = EngineClock.system().monotonicNs();
        final Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolveSibling("errors.txt").toFile()))
                .start();
        try (BufferedReader lines = process.inputReader()) {
            final String said = String.valueOf(lines.readLine());
            final long tookMs = (EngineClock.system().monotonicNs() - begunNs) / NS_PER_MS;
            final List<String> sent =
                    IntStream.range(0, n).mapToObj(ProcessOneMain::text).toList();
            Check.that(said.equals(ProcessOneMain.line(1, sent)), "after " + n + " kills: " + said);
            requireRefused(command, directory, level);
            return tookMs;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly); // the first of them is process 1
            process.waitFor();
        }
    }

    private static List<String> command(List<String> prefix, Path directory, Durability level) {
        return Namespaces.joined(
                prefix,
                List.of(
                        ChildJvm.java().toString(),
                        "-Xmx128m",
                        "-cp",
                        ChildJvm.classPath(),
                        ProcessOneMain.class.getName(),
                        directory.toString(),
                        level.name()));
    }

    /** Neither another process 1 nor one of the usual kind may open it. */
    private static void requireRefused(List<String> command, Path directory, Durability level)
            throws IOException, InterruptedException {
        final ChildJvm.Outcome outcome = ChildJvm.run(command, LONGEST_MS);
        Check.that(
                outcome.exitCode() == ProcessOneMain.IN_USE,
                "a second process was not refused: exit code " + outcome.exitCode() + " " + outcome.lastLine() + " "
                        + outcome.err());
        try {
            Engine.open(directory, level).close();
        } catch (DirectoryInUseException e) {
            Check.that(!e.isThisProcess(), "this process has not opened it: " + e);
            return;
        }
        throw new AssertionError("a process outside was not refused");
    }
}
