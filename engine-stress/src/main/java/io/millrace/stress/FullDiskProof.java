package io.millrace.stress;

import io.millrace.api.EngineClock;
import io.millrace.stress.disk.FullDiskMain;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Engines on small disks that are full again and again: what has to go on goes on, what is refused is refused with a type, and
 * nothing that was acknowledged is missing. It differs each time unless {@code -Dproof.seed} names a seed. Stateless.
 */
final class FullDiskProof {
    private static final String NAME = "full-disk";
    private static final long LONGEST_MS = 300_000;

    private FullDiskProof() {}

    static List<Summary> run(double scale) throws IOException, InterruptedException {
        final Optional<List<String>> prefix = Namespaces.withMounts();
        if (prefix.isEmpty()) {
            return List.of(Summary.notRun(NAME, "no file system may be mounted here"));
        }
        final long seed = Long.getLong("proof.seed", EngineClock.system().wallMs());
        final List<String> command = List.of(
                ChildJvm.java().toString(),
                "-cp",
                ChildJvm.classPath(),
                FullDiskMain.class.getName(),
                Double.toString(scale),
                Long.toString(seed));
        final ChildJvm.Outcome outcome =
                ChildJvm.run(Namespaces.joined(prefix.get(), command), (long) (LONGEST_MS * Math.max(1, scale)));
        return List.of(Summary.of(NAME, outcome, seed));
    }
}
