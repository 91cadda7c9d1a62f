package io.millrace.stress.kill;

import io.millrace.api.Durability;
import io.millrace.stress.ChildJvm;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One directory and the JVMs that work on it, each until it is killed, the last one until nothing is left. Confined to one
 * thread but for the timer that kills; used once.
 *
 * <p>Each JVM begins by looking at everything, so it judges the end of the one before; one that is killed while it opens the
 * directory leaves that to the next.
 */
public final class KillRun {
    /** What a run is to do. Immutable. */
    public record Order(Durability durability, long seed, int kills, Path classes, List<KillPoints.Point> points) {
        /** Copies the list. */
        public Order {
            points = List.copyOf(points);
        }
    }

    /**
     * What became of it.
     *
     * @param kills how many JVMs were killed
     * @param killsAt how many of them at which place, by name
     * @param figures what the history holds, for people
     * @param problems where the history contradicts the promises; none if it does not
     */
    public record Report(int kills, Map<String, Integer> killsAt, String figures, List<String> problems) {
        /** Copies list and map. */
        public Report {
            killsAt = Map.copyOf(killsAt);
            problems = List.copyOf(problems);
        }
    }

    /** A kill at a time. */
    static final String AT_RANDOM = "random";

    /** A kill at a time soon after the directory was opened, or begun to be. */
    static final String OPENING = "opening";

    private static final int OPENING_MS = 150;
    private static final int WORKING_MS = 700;

    /** A place that is not reached for so long is not reached. */
    private static final int POINT_MS = 1_500;

    /** A JVM that has not ended, or been killed, after this time is stuck. */
    private static final long LONGEST_MS = 60_000;

    private final Order order;
    private final Path home;
    private final Path data;
    private final SplittableRandom random;
    private final Ledger ledger = new Ledger();
    private final Map<String, Integer> killsAt = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private int runs;
    private int kills;

    /** @param home an empty directory, where data, history and error output are */
    public KillRun(Order order, Path home) {
        this.order = order;
        this.home = home;
        this.data = home.resolve("data");
        this.random = new SplittableRandom(order.seed());
    }

    /** How and when a JVM ends. */
    private record End(String name, String fromWord, int afterMs, List<String> options) {
        /** One that ends by itself. */
        static End natural() {
            return new End("", "", 0, List.of());
        }

        boolean isKill() {
            return !name.isEmpty();
        }
    }

    /** Kills until it has been done often enough, or something is wrong. */
    public Report run() throws IOException, InterruptedException {
        try (BufferedWriter history = Files.newBufferedWriter(home.resolve("history.txt"))) {
            while (kills < order.kills() && isFine()) {
                shift("work", nextEnd(), history);
            }
            if (isFine()) {
                shift("drain", End.natural(), history);
            }
        }
        return report();
    }

    /** Lets one JVM work in one engine, with pauses, and looks whether the ledger agrees. */
    Report runStill() throws IOException, InterruptedException {
        try (BufferedWriter history = Files.newBufferedWriter(home.resolve("history.txt"))) {
            shift("still", End.natural(), history);
        }
        return report();
    }

    private boolean isFine() {
        return problems.isEmpty() && ledger.problems().isEmpty();
    }

    private Report report() {
        final List<String> all = new ArrayList<>(ledger.problems());
        all.addAll(problems);
        final String figures = "lines=" + ledger.lines() + " messages=" + ledger.messages() + " deliveries="
                + ledger.deliveries() + " stocks=" + ledger.stocks();
        return new Report(kills, killsAt, figures, all);
    }

    private End nextEnd() {
        if (random.nextBoolean() && !order.points().isEmpty()) {
            final KillPoints.Point point =
                    order.points().get(random.nextInt(order.points().size()));
            final double share = random.nextDouble();
            final long count = 1 + (long) (Math.pow(point.often(), share) - 1); // small ones as often as large ones
            final List<String> options = List.of(
                    "-D" + KillPoint.NAME_PROPERTY + "=" + point.name(), "-D" + KillPoint.COUNT_PROPERTY + "=" + count);
            return new End(point.name(), "stock", POINT_MS, options);
        }
        if (random.nextInt(4) == 0) {
            return new End(OPENING, "open", random.nextInt(OPENING_MS), List.of());
        }
        return new End(AT_RANDOM, "stock", random.nextInt(WORKING_MS), List.of());
    }

    // ---- one JVM --------------------------------------------------------------------------------------------------

    private void shift(String mode, End end, BufferedWriter history) throws IOException, InterruptedException {
        final int run = runs++;
        final Path errors = home.resolve("errors-" + run + ".txt");
        final List<String> command = new ArrayList<>(List.of(
                ChildJvm.java().toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-XX:-CreateCoredumpOnCrash",
                ChildJvm.WARNINGS_ONLY,
                "-XX:ErrorFile=" + home.resolve("crash-" + run + ".txt")));
        command.addAll(end.options());
        command.addAll(List.of(
                "-cp",
                order.classes() + File.pathSeparator + ChildJvm.classPath(),
                KillMain.class.getName(),
                data.toString(),
                order.durability().name(),
                Integer.toString(run),
                Long.toString(random.nextLong()),
                mode));
        history.write(KillReplay.NEXT + "run " + run + " " + mode + " " + end + "\n");
        final Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try (Killer killer = new Killer(process)) {
            killer.afterMs(LONGEST_MS, true);
            read(process.getInputStream(), end, killer, history);
            final int exitCode = process.waitFor();
            ledger.ended();
            judge(run, end, exitCode, killer, errors);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Kills a JVM after a time, at most once. */
    private static final class Killer implements AutoCloseable {
        private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
        private final Process process;
        private volatile boolean hasKilled;
        private volatile boolean wasStuck;

        Killer(Process process) {
            this.process = process;
            timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }

        void afterMs(long ms, boolean isStuckThen) {
            final var unused = timer.schedule(
                    () -> {
                        hasKilled = true;
                        wasStuck = isStuckThen;
                        process.toHandle().destroyForcibly(); // the process itself would close the pipe as well
                    },
                    ms,
                    TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }

    /** Reads all that the JVM has said; a line that was cut off has not been said. */
    private void read(InputStream stream, End end, Killer killer, BufferedWriter history) throws IOException {
        boolean isArmed = !end.isKill();
        try (InputStream in = new BufferedInputStream(stream, 1 << 16)) {
            final ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next != '\n') {
                    line.write(next);
                    continue;
                }
                final String text = line.toString(StandardCharsets.UTF_8);
                line.reset();
                history.write(text);
                history.newLine();
                ledger.line(text);
                if (!isArmed && text.contains(" " + end.fromWord())) {
                    isArmed = true;
                    killer.afterMs(end.afterMs(), false);
                }
            }
        }
    }

    private void judge(int run, End end, int exitCode, Killer killer, Path errors) throws IOException {
        final String said = Files.readString(errors);
        if (killer.wasStuck) {
            problems.add("run " + run + " did not end within " + LONGEST_MS + " ms: " + end);
        } else if (end.isKill() ? exitCode != KillPoint.KILLED : exitCode != 0) {
            problems.add("run " + run + " ended by itself: exitCode=" + exitCode + " " + end + " " + said);
        } else if (end.isKill()) {
            kills++;
            final boolean wasReached = end.options().isEmpty() || !killer.hasKilled;
            killsAt.merge(wasReached ? end.name() : AT_RANDOM, 1, Integer::sum);
        }
        if (!said.isBlank() && isFine()) {
            problems.add("run " + run + " has written to its error output: " + said);
        }
    }
}
