package io.millrace.stress;

import io.millrace.api.EngineClock;
import io.millrace.stress.corrupt.CorruptionMain;
import java.io.IOException;
import java.util.List;

/**
 * Every damage to a small log is refused or does no harm; in a JVM of its own, which none may end. The random part differs each
 * time unless {@code -Dproof.seed} names a seed. Stateless.
 */
final class CorruptionProof {
    private static final String NAME = "corruption";
    private static final long LONGEST_MS = 3_600_000;

    private CorruptionProof() {}

    static List<Summary> run(double scale) throws IOException, InterruptedException {
        final long seed = Long.getLong("proof.seed", EngineClock.system().wallMs());
        final ChildJvm.Outcome outcome = ChildJvm.run(
                "",
                (long) (LONGEST_MS * Math.max(1, scale)),
                List.of(CorruptionMain.class.getName(), Double.toString(scale), Long.toString(seed)));
        return List.of(Summary.of(NAME, outcome, seed));
    }
}
