package io.millrace.stress;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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

/**
 * Runs the jcstress classes in JVMs of their own. Fails if an outcome was forbidden, if a test was not scheduled or took no
 * samples, or if a negative control showed nothing. Stateless.
 */
final class JcstressProof {
    private static final String NAME = "jcstress";
    private static final int ITERATIONS = 2;
    private static final long ITERATION_MS = 300;
    private static final long LONGEST_PER_TEST_MS = 60_000;
    private static final String CONTROL = ".Control";

    private JcstressProof() {}

    static List<Summary> run(double scale) throws IOException, InterruptedException {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            return List.of(Summary.notRun(NAME, "one processor: a test of two actors is not scheduled"));
        }
        final Path directory = Files.createTempDirectory("millrace-jcstress-");
        try {
            final Optional<String> broken = runIn(directory, scale);
            final Optional<Path> results = resultsIn(directory);
            if (results.isEmpty()) {
                return List.of(Summary.failed(NAME, "no results: " + broken.orElse("no output")));
            }
            return List.of(judge(read(results.get())));
        } finally {
            deleteAll(directory);
        }
    }

    private static Optional<String> runIn(Path directory, double scale) throws IOException, InterruptedException {
        final String main = String.join(
                " ",
                "cd '" + directory + "' && exec '" + ChildJvm.java() + "' -cp '" + absoluteClassPath() + "'",
                "org.openjdk.jcstress.Main",
                "-t io.millrace -f 1 -sc false -strideSize 10 -strideCount 10",
                "-iters " + ITERATIONS,
                "-time " + Math.max(1, (long) (ITERATION_MS * scale)),
                "-jvmArgs -Xmx1g -r report");
        final long longestMs = (long) (LONGEST_PER_TEST_MS * TestList.tests().size() * Math.max(1, scale));
        final ChildJvm.Outcome outcome = ChildJvm.run(List.of("sh", "-c", main), longestMs);
        return outcome.exitCode() == 0 ? Optional.empty() : Optional.of(outcome.lastLine());
    }

    private static String absoluteClassPath() {
        final List<String> absolute = new ArrayList<>();
        for (String entry : ChildJvm.classPath().split(File.pathSeparator, -1)) {
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

    /** What is known of one test over all JVMs that ran it. */
    private static final class Tally {
        long samples;
        boolean interesting;
        final List<String> failures = new ArrayList<>();

        void add(TestResult result) {
            samples += result.getTotalCount();
            if (result.status() != Status.NORMAL) {
                failures.add(result.status() + " " + result.getMessages());
                return;
            }
            final TestGrading grading = result.grading();
            interesting |= grading.hasInteresting;
            if (!grading.isPassed) {
                failures.add(String.join("; ", grading.failureMessages));
            }
        }
    }

    private static Summary judge(Collection<TestResult> results) {
        final Map<String, Tally> tallies = new TreeMap<>();
        for (String test : TestList.tests()) {
            tallies.put(test, new Tally());
        }
        for (TestResult result : results) {
            tallies.computeIfAbsent(result.getName(), name -> new Tally()).add(result);
        }
        int failures = 0;
        long samples = 0;
        long fewest = Long.MAX_VALUE;
        for (Map.Entry<String, Tally> each : tallies.entrySet()) {
            final Tally tally = each.getValue();
            final String verdict = verdict(each.getKey(), tally);
            failures += verdict.startsWith("ok") ? 0 : 1;
            samples += tally.samples;
            fewest = Math.min(fewest, tally.samples);
            System.out.printf(Locale.ROOT, "%,14d samples  %s  %s%n", tally.samples, each.getKey(), verdict);
        }
        return Summary.of(
                NAME,
                failures,
                String.format(
                        Locale.ROOT, "%d tests, %,d samples, %,d in the smallest", tallies.size(), samples, fewest));
    }

    private static String verdict(String test, Tally tally) {
        if (!tally.failures.isEmpty()) {
            return "FAILED: " + tally.failures.get(0);
        }
        if (tally.samples == 0) {
            return "FAILED: was not scheduled";
        }
        if (!test.contains(CONTROL)) {
            return "ok";
        }
        return tally.interesting ? "ok, the planted weakness shows" : "FAILED: the planted weakness does not show";
    }

    private static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
