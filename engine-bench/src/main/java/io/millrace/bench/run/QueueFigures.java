package io.millrace.bench.run;

/**
 * What a queue benchmark measured. Immutable.
 *
 * @param tier which way the queue was used
 * @param load what was done in each round
 * @param persistence what the messages survived
 * @param rounds how often
 * @param measured what came of it
 */
public record QueueFigures(Tier tier, QueueLoad load, Persistence persistence, Rounds rounds, Measured measured) {
    /** For example {@code millrace-raw} or {@code millrace-heap-cycle}. */
    public String name() {
        return "millrace-" + tier + (load.crew().isCycle() ? "-cycle" : "");
    }
}
