package io.millrace.bench.compare;

import io.millrace.bench.run.Measured;
import io.millrace.bench.run.Rounds;
import java.util.Map;

/**
 * What one entrant came to. Immutable.
 *
 * @param heat in which it took part
 * @param entrant who, and what it did in each round
 * @param rounds how often
 * @param measured what came of it
 * @param ratioTo of the engine's rows: messages per second divided by those of each peer, median and extremes of the rounds
 */
public record ComparedFigures(
        Heat heat, Entrant entrant, Rounds rounds, Measured measured, Map<Entrant, Ratio> ratioTo) {
    /** Whether it is ours. */
    public boolean isMillrace() {
        return entrant.contestant().isMillrace();
    }
}
