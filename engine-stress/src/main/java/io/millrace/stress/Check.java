package io.millrace.stress;

/** Says what is wrong. Stateless. */
public final class Check {
    private Check() {}

    /** Fails with a sentence unless it holds. */
    public static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
