package io.millrace.bench.cli;

import org.jspecify.annotations.Nullable;

/** Checks of option values that a type alone does not make. Stateless. */
final class Require {
    private Require() {}

    /**
     * Refuses a value outside a range.
     *
     * @return the value
     * @throws UsageException naming the option and the value
     */
    static long between(String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw new UsageException(option + " must be between " + min + " and " + max + ": " + option + "=" + value);
        }
        return value;
    }

    /** The same for an {@code int}. */
    static int between(String option, int value, int min, int max) {
        return (int) between(option, (long) value, (long) min, (long) max);
    }

    /**
     * Refuses an option that makes no sense beside another.
     *
     * @throws UsageException naming both
     */
    static void absent(String option, @Nullable Object value, String other) {
        if (value != null) {
            throw new UsageException(option + " makes no sense with " + other + ": " + option + "=" + value);
        }
    }
}
