package io.millrace.stress;

import io.millrace.api.EngineClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Several threads send and receive through one queue in both tiers, on each JDK; every message is acknowledged. The seed is
 * another one each time unless {@code -Dproof.seed} names one. Stateless.
 */
final class HammerProof {
    private static final String NAME = "hammer";
    private static final long STARTED_MS = 60_000;

    /** Rounds at scale 1 over all JDKs. */
    private static final int ROUNDS = 140;

    private HammerProof() {}

    static List<Summary> run(double scale) throws IOException, InterruptedException {
        final List<Summary> summaries = new ArrayList<>();
        final long seed = Long.getLong("proof.seed", EngineClock.system().wallMs());
        final List<Path> homes = Jdks.homes();
        final int rounds = (int) Math.max(1, ROUNDS * scale / homes.size());
        for (Path home : homes) {
            final String name = NAME + " on JDK " + Jdks.feature(home);
            final ChildJvm.Outcome outcome = ChildJvm.run(
                    List.of(
                            home.resolve("bin/java").toString(),
                            "-Xmx1g",
                            "-cp",
                            ChildJvm.classPath(),
                            HammerMain.class.getName(),
                            Long.toString(seed),
                            Integer.toString(rounds)),
                    STARTED_MS + Hammer.LONGEST_ROUND_MS * rounds);
            outcome.out().lines().forEach(System.out::println);
            outcome.err().lines().forEach(System.out::println);
            summaries.add(
                    outcome.exitCode() == 0
                            ? Summary.ok(name, outcome.lastLine())
                            : Summary.failed(name, outcome.lastLine() + " seed=" + seed));
        }
        return summaries;
    }
}
