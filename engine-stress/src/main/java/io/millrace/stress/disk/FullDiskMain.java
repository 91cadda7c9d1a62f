package io.millrace.stress.disk;

import io.millrace.api.Durability;
import io.millrace.stress.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Mounts one small disk after the other and lets processes live on each; where it runs, it may mount. Arguments are how much
 * longer than usual, and a seed. Ends with a non-zero code at the first promise that is broken. Stateless.
 */
public final class FullDiskMain {
    /** At scale 1. */
    private static final int DISKS = 4;

    /** Up to so many times more disks, until everything that is counted has happened. */
    private static final int MOST_TIMES = 4;

    private static final int LIVES = 3;
    private static final int LEAST_MIB = 6;
    private static final int MOST_MIB = 40;
    private static final int KIB = 1_024;
    private static final long LONGEST_LIFE_MS = 60_000;

    private final Path home;
    private final SplittableRandom random;
    private final Figures figures = new Figures();
    private int lives;
    private int restored;

    private FullDiskMain(Path home, long seed) {
        this.home = home;
        this.random = new SplittableRandom(seed);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        final double scale = Double.parseDouble(args[0]);
        final long seed = Long.parseLong(args[1]);
        final Path home = Files.createTempDirectory("millrace-full-disk-");
        final FullDiskMain main = new FullDiskMain(home, seed);
        boolean isFine = true;
        final int wanted = (int) Math.max(2, DISKS * scale);
        int disks = 0;
        while (isFine && (disks < wanted || (disks < MOST_TIMES * wanted && main.isSomethingMissing()))) {
            isFine = main.disk(disks++);
        }
        Files.delete(home);
        if (isFine && main.isSomethingMissing()) {
            isFine = false;
            System.out.println("never happened: " + main.figures.missing());
        }
        System.out.println(disks + " disks, " + main.lives + " lives, " + main.restored + " with holes: " + main.figures
                + ", seed " + seed);
        System.exit(isFine ? 0 : 1);
    }

    /** Whether there is something that has not happened yet, so that nothing is proved of it. */
    private boolean isSomethingMissing() {
        return !figures.missing().isEmpty();
    }

    /** One disk from its first process to its last. */
    private boolean disk(int number) throws IOException, InterruptedException {
        final Durability durability = number % 2 == 0 ? Durability.PROCESS_CRASH : Durability.POWER_LOSS;
        final long bytes = (long) random.nextInt(LEAST_MIB * KIB, MOST_MIB * KIB) * KIB;
        final Path books = home.resolve("books");
        boolean isFine = true;
        try (SmallDisk disk = SmallDisk.mount(home.resolve("disk"), bytes)) {
            for (int run = 0; run < LIVES && isFine; run++) {
                if (run > 0 && random.nextInt(3) == 0) {
                    Holes.make(disk.root().resolve("data"));
                    restored++;
                }
                isFine = life(disk, durability, run, books);
                lives++;
            }
        }
        Files.deleteIfExists(books);
        return isFine;
    }

    private boolean life(SmallDisk disk, Durability durability, int run, Path books)
            throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of(
                ChildJvm.java().toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null"));
        if (random.nextBoolean()) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        final List<String> arguments = List.of(
                LifeMain.class.getName(),
                disk.root().toString(),
                durability.name(),
                Integer.toString(run),
                Long.toString(random.nextLong()),
                books.toString(),
                random.nextBoolean() ? "close" : "halt");
        command.addAll(List.of("-cp", ChildJvm.classPath()));
        command.addAll(arguments);
        final ChildJvm.Outcome outcome = ChildJvm.run(command, LONGEST_LIFE_MS);
        outcome.out().lines().forEach(figures::addLine);
        final boolean isFine = outcome.exitCode() == 0 && !outcome.err().contains("ERROR");
        if (!isFine) {
            System.out.println("BROKEN: exit code " + outcome.exitCode() + (outcome.timedOut() ? ", hangs" : "") + ": "
                    + String.join(" ", arguments));
            System.out.println(outcome.out());
            System.out.println(outcome.err());
        }
        return isFine;
    }
}
