package io.millrace.stress.images;

import io.millrace.stress.DirectoryFiles;
import io.millrace.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An engine at work on a disk of which images are cut, each of which is judged at once. Confined to one thread; used once. */
public final class ImageRun {
    private static final String KEPT = "broken";
    private static final int[] CALLS_PER_IMAGE = {3, 8, 30, 100};

    private final long seed;
    private final Path home;
    private final int wanted;
    private final SplittableRandom random;
    private final int callsPerImage;
    private final ManualClock clock = new ManualClock();
    private final Promises promises = new Promises();
    private final Map<String, Integer> tally = new TreeMap<>();
    private final CrashDisk disk;
    private final ImageJudge judge;
    private @Nullable Throwable broken;

    /**
     * What a run gave.
     *
     * @param images how many images were opened
     * @param tally how often what was done meanwhile, by name
     */
    public record Report(int images, Map<String, Integer> tally) {
        /** Copies the map. */
        public Report {
            tally = Map.copyOf(tally);
        }
    }

    /** A promise was broken. */
    public static final class Broken extends AssertionError {
        private static final long serialVersionUID = 1L;

        Broken(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * @param home an empty directory, in which a broken image is kept
     * @param wanted how many images are judged at least
     */
    public ImageRun(long seed, Path home, int wanted) throws IOException {
        this.seed = seed;
        this.home = home;
        this.wanted = wanted;
        random = new SplittableRandom(seed);
        callsPerImage = CALLS_PER_IMAGE[random.nextInt(CALLS_PER_IMAGE.length)];
        disk = new CrashDisk(home.resolve("data"));
        judge = new ImageJudge(promises, home, random.split());
    }

    /** Works until enough images were judged; throws {@link Broken} at the first promise that was broken. */
    public Report run() throws IOException {
        disk.onCall(this::maybeCut);
        try (Work work = new Work(home.resolve("data"), disk, clock, promises, random.split(), tally)) {
            while (judge.count() < wanted) {
                work.step();
                maybeCut();
            }
        } catch (RuntimeException | Error e) {
            broken = broken == null ? e : broken; // what an engine made of a failure in a call of its own
        }
        if (broken != null) {
            throw broken(broken);
        }
        return new Report(judge.count(), tally);
    }

    private void maybeCut() {
        if (broken != null || random.nextInt(callsPerImage) > 0) {
            return;
        }
        try {
            judge.judge(disk.afterPowerLoss(random.split()), clock);
        } catch (RuntimeException | Error e) {
            broken = e;
            throw e;
        }
    }

    private Broken broken(Throwable cause) throws IOException {
        final Path kept = Files.createDirectory(home.resolve(KEPT));
        DirectoryFiles.write(judge.last(), kept);
        return new Broken(
                "seed=" + seed + " image=" + judge.count() + " of " + wanted + ": " + cause + ", kept: " + kept, cause);
    }
}
