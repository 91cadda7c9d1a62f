package io.millrace.stress.images;

import io.millrace.core.log.SegmentMap;
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
    private static final String DATA = "data";
    private static final String KEPT = "broken";

    /** Of so many calls one is the last before the power goes: in some runs more happens between two images than in others. */
    private static final int[] CALLS_PER_IMAGE = {6, 30, 120, 400};

    /** After an answer the power goes more often than during a call, by so much: then most was promised. */
    private static final int AFTER_ANSWER = 4;

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
     * A run in which as much happens between two images as the seed says.
     *
     * @param home an empty directory, in which a broken image is kept
     * @param wanted how many images are judged at least
     */
    public ImageRun(long seed, Path home, int wanted) throws IOException {
        this(seed, home, wanted, CALLS_PER_IMAGE[Math.floorMod(seed, CALLS_PER_IMAGE.length)]);
    }

    /** @param callsPerImage of so many system calls one is the last before the power goes */
    public ImageRun(long seed, Path home, int wanted, int callsPerImage) throws IOException {
        this.seed = seed;
        this.home = home;
        this.wanted = wanted;
        random = new SplittableRandom(seed);
        this.callsPerImage = callsPerImage;
        disk = new CrashDisk(home.resolve(DATA));
        judge = new ImageJudge(promises, home, random.split());
    }

    /** Works until enough images were judged; throws {@link Broken} at the first promise that was broken. */
    public Report run() throws IOException {
        disk.onCall(() -> maybeCut(callsPerImage));
        try (Work work = new Work(home.resolve(DATA), disk, clock, promises, random.split(), tally)) {
            while (judge.count() < wanted) {
                final boolean isSeldom = work.step();
                maybeCut(isSeldom ? 1 : Math.max(1, callsPerImage / AFTER_ANSWER));
            }
            tally.put("segments used again", disk.reuses());
            tally.put("records moved by the cleaner", movedRecords());
        } catch (RuntimeException | Error e) {
            broken = broken == null ? e : broken; // what an engine made of a failure in a call of its own
        }
        return report();
    }

    /**
     * Does everything once or more often while the power goes at every call; throws {@link Broken} at the first promise that was
     * broken.
     */
    public Report runAtEveryCall() throws IOException {
        disk.onCall(() -> maybeCut(1));
        try (Work work = new Work(home.resolve(DATA), disk, clock, promises, random.split(), tally)) {
            do {
                work.everything();
            } while (judge.count() < wanted);
        } catch (RuntimeException | Error e) {
            broken = broken == null ? e : broken;
        }
        return report();
    }

    private Report report() throws IOException {
        if (broken != null) {
            throw broken(broken);
        }
        return new Report(judge.count(), tally);
    }

    private int movedRecords() throws IOException {
        return DirectoryFiles.read(home.resolve(DATA)).entrySet().stream()
                .filter(file -> file.getKey().startsWith(CrashDisk.SEGMENT_PREFIX))
                .mapToInt(file -> (int) SegmentMap.of(file.getValue()).entries().stream()
                        .filter(entry -> entry.copyNumber() > 0)
                        .count())
                .sum();
    }

    private void maybeCut(int oneIn) {
        if (broken != null || random.nextInt(oneIn) > 0) {
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
