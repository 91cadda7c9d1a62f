package io.millrace.stress;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.TestGrading;
import org.openjdk.jcstress.infra.runners.TestList;

/** Runs jcstress tests in JVMs of their own and reads what they found. Stateless. */
public final class StressRun {
    /**
     * What is known of one test over all JVMs that ran it. Immutable.
     *
     * @param test its full name
     * @param samples how often its actors met
     * @param interesting whether an outcome was seen that shows a weakness
     * @param failures forbidden outcomes, errors and time-outs
     */
    public record Found(String test, long samples, boolean interesting, List<String> failures) {
        /** Copies the list. */
        public Found {
            failures = List.copyOf(failures);
        }

        private Found and(TestResult result) {
            final List<String> all = new ArrayList<>(failures);
            if (result.status() != Status.NORMAL) {
                all.add(result.status() + " " + result.getMessages());
                return new Found(test, samples + result.getTotalCount(), interesting, all);
            }
            final TestGrading grading = result.grading();
            if (!grading.isPassed) {
                all.add(String.join("; ", grading.failureMessages));
            }
            return new Found(test, samples + result.getTotalCount(), interesting || grading.hasInteresting, all);
        }
    }

    /**
     * What a run gave.
     *
     * @param found one entry for each test that was asked for, in order of name; without samples if it did not run
     * @param trouble why there are no results at all, or empty
     */
    public record Outcome(List<Found> found, Optional<String> trouble) {}

    private StressRun() {}

    /**
     * Runs tests.
     *
     * @param first what comes before the class path of this JVM, or empty
     * @param part which tests: those whose full name contains it, as a regular expression of jcstress
     * @param iterations how often each test is run in each JVM
     * @param iterationMs how long each time, in milliseconds
     * @param longestMs time after which the whole run is ended, in milliseconds
     */
    public static Outcome run(String first, String part, int iterations, long iterationMs, long longestMs)
            throws IOException, InterruptedException {
        final Path directory = Files.createTempDirectory("millrace-jcstress-");
        try {
            final String command = String.join(
                    " ",
                    "cd '" + directory + "' && exec '" + ChildJvm.java() + "' -cp '" + classPath(first) + "'",
                    "org.openjdk.jcstress.Main -t '" + part + "'",
                    "-f 1 -sc false -strideSize 10 -strideCount 10",
                    "-iters " + iterations + " -time " + iterationMs,
                    "-jvmArgs -Xmx1g -r report");
            final ChildJvm.Outcome outcome = ChildJvm.run(List.of("sh", "-c", command), longestMs);
            final Optional<Path> results = resultsIn(directory);
            if (results.isEmpty()) {
                return new Outcome(List.of(), Optional.of("no results: " + outcome.lastLine()));
            }
            return new Outcome(tally(part, read(results.get())), Optional.empty());
        } finally {
            DirectoryFiles.delete(directory);
        }
    }

    /** The forked JVMs run elsewhere, so every entry must be absolute. */
    private static String classPath(String first) {
        final List<String> absolute = new ArrayList<>();
        final String all = first.isEmpty() ? ChildJvm.classPath() : first + File.pathSeparator + ChildJvm.classPath();
        for (String entry : all.split(File.pathSeparator, -1)) {
            absolute.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, absolute);
    }

    private static Optional<Path> resultsIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".bin.gz"))
                    .findFirst();
        }
    }

    private static Collection<TestResult> read(Path results) throws IOException {
        final InProcessCollector collector = new InProcessCollector();
        final DiskReadCollector reader = new DiskReadCollector(results.toString(), collector);
        try {
            reader.dump();
        } catch (ClassNotFoundException e) {
            throw new IOException("results of another version: " + results, e);
        } finally {
            reader.close();
        }
        return collector.getTestResults();
    }

    private static List<Found> tally(String part, Collection<TestResult> results) {
        final Map<String, Found> tallies = new TreeMap<>();
        for (String test : TestList.tests()) {
            if (test.contains(part)) {
                tallies.put(test, nothing(test));
            }
        }
        for (TestResult result : results) {
            tallies.put(
                    result.getName(),
                    tallies.getOrDefault(result.getName(), nothing(result.getName()))
                            .and(result));
        }
        return List.copyOf(tallies.values());
    }

    private static Found nothing(String test) {
        return new Found(test, 0, false, List.of());
    }
}
