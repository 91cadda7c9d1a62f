package io.millrace.stress.images;

import io.millrace.stress.DirectoryFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Judges images until there are enough: arguments are how many, and the seed of the first run; those of the others follow. Ends
 * with a non-zero code if a promise was broken; the image is kept. The last line says what was done.
 */
public final class ImagesMain {
    private static final int THREADS = 2;
    private static final int PER_RUN = 60;
    private static final int MOST_BROKEN = 5;

    private final int wanted;
    private final AtomicLong nextSeed;
    private final AtomicInteger images = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final Map<String, Integer> tally = new TreeMap<>();

    private ImagesMain(int wanted, long seed) {
        this.wanted = wanted;
        this.nextSeed = new AtomicLong(seed);
    }

    public static void main(String[] args) throws InterruptedException {
        final long seed = Long.parseLong(args[1]);
        final ImagesMain main = new ImagesMain(Integer.parseInt(args[0]), seed);
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(new Thread(main::work, "millrace-images-" + i));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(main.tally);
        System.out.println(main.images + " images, " + (main.nextSeed.get() - seed) + " runs, " + main.broken
                + " broken, seed " + seed);
        System.exit(main.broken.get() == 0 ? 0 : 1);
    }

    private void work() {
        while (images.get() < wanted && broken.get() < MOST_BROKEN) {
            try {
                run(nextSeed.getAndIncrement());
            } catch (IOException | RuntimeException | Error e) {
                broken.incrementAndGet();
                System.out.println("BROKEN: " + e.getMessage());
                e.printStackTrace(System.out);
            }
        }
    }

    private void run(long seed) throws IOException {
        final Path home = Files.createTempDirectory(DirectoryFiles.memory(), "millrace-images-");
        final ImageRun.Report report = new ImageRun(seed, home, Math.min(PER_RUN, wanted)).run();
        DirectoryFiles.delete(home); // a broken image stays
        images.addAndGet(report.images());
        synchronized (tally) {
            report.tally().forEach((what, count) -> tally.merge(what, count, Integer::sum));
        }
    }
}
