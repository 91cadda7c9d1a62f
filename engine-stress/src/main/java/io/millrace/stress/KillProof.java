package io.millrace.stress;

import io.millrace.api.Durability;
import io.millrace.api.EngineClock;
import io.millrace.stress.kill.KillPoints;
import io.millrace.stress.kill.KillPoints.Point;
import io.millrace.stress.kill.KillRun;
import io.millrace.stress.mutants.Workshop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Kills JVMs that work on directories, at random times and at named places, and looks whether what they find afterwards is
 * what they had been promised. {@code -Dkills=N} says how often, else the scale does; {@code -Dproof.seed=N} is the seed of
 * the first directory, and those of the others follow. Stateless.
 */
final class KillProof {
    private static final String NAME = "kill";

    /** At scale 1. */
    private static final int KILLS = 220;

    private static final int KILLS_PER_DIRECTORY = 10;

    /** Directories that are worked on at the same time. */
    private static final int LANES = 2;

    private static final List<Durability> LEVELS =
            List.of(Durability.PROCESS_CRASH, Durability.PROCESS_CRASH, Durability.POWER_LOSS);

    private KillProof() {}

    static List<Summary> run(double scale) throws IOException, InterruptedException {
        final Path root = Files.createTempDirectory("millrace-kill-");
        final Path classes = Files.createDirectory(root.resolve("classes"));
        final List<Point> points = new ArrayList<>();
        final List<Summary> summaries = new ArrayList<>();
        final Optional<Workshop> workshop = Workshop.open();
        if (workshop.isEmpty()) {
            summaries.add(Summary.notRun(NAME + " at named places", "no sources, or no compiler"));
        } else {
            final Optional<String> trouble = KillPoints.plant(workshop.get(), classes);
            if (trouble.isPresent()) {
                return List.of(Summary.failed(NAME, trouble.get()));
            }
            points.addAll(KillPoints.all());
        }
        final int kills = Integer.getInteger("kills", (int) Math.max(1, KILLS * scale));
        summaries.add(run(kills, root, classes, points));
        return summaries;
    }

    private static Summary run(int kills, Path root, Path classes, List<Point> points)
            throws IOException, InterruptedException {
        final long seed = Long.getLong("proof.seed", EngineClock.system().wallMs());
        final ExecutorService lanes = Executors.newFixedThreadPool(LANES);
        final List<Future<KillRun.Report>> reports = new ArrayList<>();
        try {
            for (int begun = 0; begun < kills; begun += KILLS_PER_DIRECTORY) {
                final int number = reports.size();
                final var order = new KillRun.Order(
                        LEVELS.get(number % LEVELS.size()),
                        seed + number,
                        Math.min(KILLS_PER_DIRECTORY, kills - begun),
                        classes,
                        points);
                reports.add(lanes.submit(() -> run(order, root.resolve("seed-" + order.seed()))));
            }
            return sum(reports, root, points);
        } finally {
            lanes.shutdownNow();
        }
    }

    private static KillRun.Report run(KillRun.Order order, Path home) throws IOException, InterruptedException {
        final KillRun.Report report = new KillRun(order, Files.createDirectory(home)).run();
        final boolean isFine = report.problems().isEmpty();
        final StringBuilder text = new StringBuilder("kill: seed=" + order.seed() + " level=" + order.durability()
                + " kills=" + new TreeMap<>(report.killsAt()) + " " + report.figures());
        report.problems().forEach(problem -> text.append("\n  ").append(problem));
        if (isFine) {
            deleteAll(home);
        } else {
            text.append("\n  FAILED, seed=")
                    .append(order.seed())
                    .append(", kept: ")
                    .append(home);
        }
        System.out.println(text);
        return report;
    }

    private static Summary sum(List<Future<KillRun.Report>> reports, Path root, List<Point> points)
            throws IOException, InterruptedException {
        final Map<String, Integer> killsAt = new TreeMap<>();
        int kills = 0;
        int failures = 0;
        for (Future<KillRun.Report> future : reports) {
            try {
                final KillRun.Report report = future.get();
                kills += report.kills();
                failures += report.problems().isEmpty() ? 0 : 1;
                report.killsAt().forEach((name, count) -> killsAt.merge(name, count, Integer::sum));
            } catch (ExecutionException e) {
                System.out.println("kill: " + e);
                failures++;
            }
        }
        final List<String> missed = points.stream()
                .map(Point::name)
                .distinct()
                .filter(name -> !killsAt.containsKey(name))
                .toList();
        if (failures == 0) {
            deleteAll(root);
        }
        return Summary.of(
                NAME,
                failures,
                kills + " kills in " + reports.size() + " directories: " + killsAt
                        + (missed.isEmpty() ? "" : ", never at " + missed));
    }

    static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
