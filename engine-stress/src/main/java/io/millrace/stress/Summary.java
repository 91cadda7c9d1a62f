package io.millrace.stress;

/**
 * How a proof ended. Immutable.
 *
 * @param proof its name
 * @param verdict whether it holds
 * @param text figures, or why not
 */
public record Summary(String proof, Verdict verdict, String text) {
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
