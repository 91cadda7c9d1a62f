package io.millrace.stress;

/**
 * How a proof ended. Immutable.
 *
 * @param proof its name
 * @param verdict whether it holds
 * @param text figures, or why not
 */
public record Summary(String proof, Verdict verdict, String text) {
    private static final int MOST_ERROR_LINES = 50;

    /** Whether a proof holds. */
    public enum Verdict {
        OK,
        FAILED,
        NOT_RUN
    }

    public static Summary ok(String proof, String figures) {
        return new Summary(proof, Verdict.OK, figures);
    }

    public static Summary failed(String proof, String reason) {
        return new Summary(proof, Verdict.FAILED, reason);
    }

    /** OK if there is no reason against it. */
    public static Summary of(String proof, int failures, String figures) {
        return failures == 0 ? ok(proof, figures) : failed(proof, failures + " failures, " + figures);
    }

    /** Shows what a child has written; OK if it ended with code 0, its last line being the figures. */
    static Summary of(String proof, ChildJvm.Outcome outcome, long seed) {
        outcome.out().lines().forEach(System.out::println);
        outcome.err().lines().limit(MOST_ERROR_LINES).forEach(System.out::println);
        return outcome.exitCode() == 0
                ? ok(proof, outcome.lastLine())
                : failed(proof, outcome.lastLine() + " exit code " + outcome.exitCode() + " seed=" + seed);
    }

    public static Summary notRun(String proof, String reason) {
        return new Summary(proof, Verdict.NOT_RUN, reason);
    }

    @Override
    public String toString() {
        return switch (verdict) {
            case OK -> proof + ": ok, " + text;
            case FAILED -> proof + ": FAILED, " + text;
            case NOT_RUN -> proof + ": NOT RUN: " + text;
        };
    }
}
