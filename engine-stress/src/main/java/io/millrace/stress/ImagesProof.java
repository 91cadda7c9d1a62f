package io.millrace.stress;

import io.millrace.api.EngineClock;
import io.millrace.stress.images.ImagesMain;
import java.io.IOException;
import java.util.List;

/**
 * Whatever may be on the disk when the power goes, an engine that is opened on it holds what had been promised. In a JVM of its
 * own, which no directory may end. {@code -Dimages=N} says how many images, else the scale does; {@code -Dproof.seed=N} is the
 * seed of the first run. Stateless.
 */
final class ImagesProof {
    private static final String NAME = "images";

    /** At scale 1. */
    private static final int IMAGES = 5_000;

    private static final long LONGEST_MS = 1_800_000;

    private ImagesProof() {}

    static List<Summary> run(double scale) throws IOException, InterruptedException {
        final long seed = Long.getLong("proof.seed", EngineClock.system().wallMs());
        final int images = Integer.getInteger("images", (int) Math.max(1, IMAGES * scale));
        final ChildJvm.Outcome outcome = ChildJvm.run(
                "",
                (long) (LONGEST_MS * Math.max(1, scale)),
                List.of(ImagesMain.class.getName(), Integer.toString(images), Long.toString(seed)));
        return List.of(Summary.of(NAME, outcome, seed));
    }
}
