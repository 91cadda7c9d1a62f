package io.millrace.bench.demo;

import java.time.Duration;

/**
 * What may be chosen for a demo. Immutable.
 *
 * @param maxFileBytes largest file that takes part, 1 byte to {@link #MAX_FILE_BYTES}
 * @param consumers how many listeners compete for the lines, 1 to {@link #MAX_CONSUMERS}
 * @param seed decides which lines fail, and how
 * @param visibilityTimeout how long a line stays away that a forgetful consumer lets go
 * @param patience how long nothing may happen before missing lines are given up for lost
 */
public record DemoConfig(int maxFileBytes, int consumers, long seed, Duration visibilityTimeout, Duration patience) {
    /** A file without a line break is one message, and this much fits into one. */
    public static final int MAX_FILE_BYTES = 32 << 20;

    /** Each consumer is a thread. */
    public static final int MAX_CONSUMERS = 256;

    private static final DemoConfig DEFAULTS =
            new DemoConfig(4 << 20, 4, 1, Duration.ofMillis(300), Duration.ofSeconds(15));

    /**
     * Checks the ranges above.
     *
     * @throws IllegalArgumentException if a component is out of range
     */
    public DemoConfig {
        check("maxFileBytes", maxFileBytes, MAX_FILE_BYTES);
        check("consumers", consumers, MAX_CONSUMERS);
    }

    private static void check(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " must be between 1 and " + max + ": " + name + "=" + value);
        }
    }

    /** Files to 4 MiB, four consumers, seed 1, 300 ms visibility timeout, 15 s patience. */
    public static DemoConfig defaults() {
        return DEFAULTS;
    }

    /** This configuration with another limit on the size of files. */
    public DemoConfig withMaxFileBytes(int newValue) {
        return new DemoConfig(newValue, consumers, seed, visibilityTimeout, patience);
    }

    /** This configuration with another number of consumers. */
    public DemoConfig withConsumers(int newValue) {
        return new DemoConfig(maxFileBytes, newValue, seed, visibilityTimeout, patience);
    }

    /** This configuration with another seed. */
    public DemoConfig withSeed(long newValue) {
        return new DemoConfig(maxFileBytes, consumers, newValue, visibilityTimeout, patience);
    }

    /** This configuration with another visibility timeout. */
    public DemoConfig withVisibilityTimeout(Duration newValue) {
        return new DemoConfig(maxFileBytes, consumers, seed, newValue, patience);
    }

    /** This configuration with another patience. */
    public DemoConfig withPatience(Duration newValue) {
        return new DemoConfig(maxFileBytes, consumers, seed, visibilityTimeout, newValue);
    }
}
