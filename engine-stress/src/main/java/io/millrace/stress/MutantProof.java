package io.millrace.stress;

import io.millrace.stress.mutants.Detector;
import io.millrace.stress.mutants.Mutant;
import io.millrace.stress.mutants.Mutants;
import io.millrace.stress.mutants.Workshop;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Every detector passes on what production is, and each planted bug is caught by the one that it names. Stateless. */
final class MutantProof {
    private static final String NAME = "mutants";
    private static final long UNMUTATED_MS = 1_000;
    private static final long MUTATED_MS = 8_000;

    private MutantProof() {}

    static List<Summary> run(double scale) throws IOException, InterruptedException {
        final Optional<Workshop> opened = Workshop.open();
        if (opened.isEmpty()) {
            return List.of(Summary.notRun(NAME, "no sources around the working directory, or no compiler"));
        }
        final Workshop workshop = opened.get();
        final List<Detector> detectors = List.of(Detector.values());
        final Optional<String> wrong = workshop.runUnmutated(detectors, (long) (UNMUTATED_MS * scale));
        if (wrong.isPresent()) {
            return List.of(Summary.failed(NAME, "without a planted bug: " + wrong.get()));
        }
        System.out.println("unmutated: " + detectors.size() + " detectors pass");
        int survivors = 0;
        for (Mutant mutant : Mutants.all()) {
            final Workshop.Hunt hunt = workshop.hunt(mutant, (long) (MUTATED_MS * Math.max(1, scale)));
            survivors += hunt.caught() ? 0 : 1;
            System.out.println((hunt.caught() ? "caught   " : "SURVIVED ") + mutant + " | " + mutant.catcher() + " | "
                    + hunt.said().lines().findFirst().orElse(""));
        }
        return List.of(Summary.of(
                NAME,
                survivors,
                Mutants.all().size() + " mutants, " + (Mutants.all().size() - survivors) + " caught, "
                        + detectors.size() + " detectors"));
    }
}
