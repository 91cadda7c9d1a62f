package io.millrace.stress;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Runs the jcstress classes. Fails if an outcome was forbidden, if a test was not scheduled or took no samples, or if a
 * negative control showed nothing. Stateless.
 */
final class JcstressProof {
    private static final String NAME = "jcstress";
    private static final String ALL = "io.millrace";
    private static final int ITERATIONS = 2;
    private static final long ITERATION_MS = 400;
    private static final long LONGEST_PER_TEST_MS = 60_000;
    private static final String CONTROL = ".Control";

    private JcstressProof() {}

    static List<Summary> run(double scale) throws IOException, InterruptedException {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            return List.of(Summary.notRun(NAME, "one processor: a test of two actors is not scheduled"));
        }
        final long longestMs = (long) (LONGEST_PER_TEST_MS * TestList.tests().size() * Math.max(1, scale));
        final StressRun.Outcome outcome =
                StressRun.run("", ALL, ITERATIONS, Math.max(1, (long) (ITERATION_MS * scale)), longestMs);
        return List.of(outcome.trouble()
                .map(trouble -> Summary.failed(NAME, trouble))
                .orElseGet(() -> judge(outcome.found())));
    }

    private static Summary judge(List<StressRun.Found> found) {
        int failures = 0;
        long samples = 0;
        long fewest = Long.MAX_VALUE;
        for (StressRun.Found each : found) {
            final String verdict = verdict(each);
            failures += verdict.startsWith("ok") ? 0 : 1;
            samples += each.samples();
            fewest = Math.min(fewest, each.samples());
            System.out.printf(Locale.ROOT, "%,14d samples  %s  %s%n", each.samples(), each.test(), verdict);
        }
        return Summary.of(
                NAME,
                failures,
                String.format(
                        Locale.ROOT, "%d tests, %,d samples, %,d in the smallest", found.size(), samples, fewest));
    }

    /** {@code ok}, or why not. */
    static String verdict(StressRun.Found found) {
        if (!found.failures().isEmpty()) {
            return "FAILED: " + found.failures().get(0);
        }
        if (found.samples() == 0) {
            return "FAILED: was not scheduled";
        }
        if (!found.test().contains(CONTROL)) {
            return "ok";
        }
        return found.interesting() ? "ok, the planted weakness shows" : "FAILED: the planted weakness does not show";
    }
}
