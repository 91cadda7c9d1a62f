package io.millrace.bench.run;

/**
 * How often a load is repeated. Immutable.
 *
 * @param warmups rounds before the first one that counts, 0 to {@link #MAX}
 * @param measured rounds that count, 1 to {@link #MAX}
 */
public record Rounds(int warmups, int measured) {
    /** Most rounds of a kind. */
    public static final int MAX = 1_000;

    /**
     * Checks the ranges above.
     *
     * @throws IllegalArgumentException if a component is out of range
     */
    public Rounds {
        Ranges.check("warmups", warmups, 0, MAX);
        Ranges.check("rounds", measured, 1, MAX);
    }
}
