package io.millrace.bench.compare;

import io.millrace.bench.run.Measured;
import io.millrace.bench.run.QueueLoad;
import io.millrace.bench.run.Rounds;
import java.util.Map;

/**
 * What one contestant came to. Immutable.
 *
 * @param contestant who
 * @param load what was done in each round
 * @param rounds how often
 * @param measured what came of it
 * @param ratioTo of the engine's rows: messages per second divided by those of each peer, median of the rounds
 */
public record ComparedFigures(
        Contestant contestant, QueueLoad load, Rounds rounds, Measured measured, Map<Contestant, Double> ratioTo) {
    /** For example {@code millrace-raw}, or {@code millrace-raw-cycle} for one thread. */
    public String name() {
        return nameOf(contestant);
    }

    /** The name of another contestant's row beside this one. */
    public String nameOf(Contestant other) {
        return other + (load.crew().isCycle() ? "-cycle" : "");
    }
}
