package io.millrace.bench.run;

/** Checks of arguments. Stateless. */
final class Ranges {
    private Ranges() {}

    static void check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be between " + min + " and " + max + ": " + name + "=" + value);
        }
    }
}
