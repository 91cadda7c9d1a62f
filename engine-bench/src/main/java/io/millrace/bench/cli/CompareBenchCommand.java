package io.millrace.bench.cli;

import io.millrace.api.Durability;
import io.millrace.bench.compare.ComparedFigures;
import io.millrace.bench.compare.Comparison;
import io.millrace.bench.compare.ComparisonPage;
import io.millrace.bench.compare.ComparisonReport;
import io.millrace.bench.compare.Contestant;
import io.millrace.bench.compare.Entrant;
import io.millrace.bench.compare.Heat;
import io.millrace.bench.compare.Heats;
import io.millrace.bench.compare.Sustained;
import io.millrace.bench.compare.SustainedFigures;
import io.millrace.bench.compare.SustainedReport;
import io.millrace.bench.disk.Machine;
import io.millrace.bench.report.Figures;
import io.millrace.bench.report.StepProgress;
import io.millrace.bench.run.Crew;
import io.millrace.bench.run.OffHeapRoom;
import io.millrace.bench.run.Persistence;
import io.millrace.bench.run.QueueLoad;
import io.millrace.bench.run.Rounds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace bench compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = {
            "Does the same job with the engine and with what people use instead, each in a JVM of its own with a touched"
                    + " heap, one at a time, round by round, and prints medians, extremes and ratios.",
            "The job: send a message, receive it, look at every byte. A +clone gives each message bytes of its own, as"
                    + " the engine does; without, all messages are references to one array, and nothing is copied."
                    + " ConcurrentLinkedQueue has no bound, the others hold --window messages.",
            "Without --producers, --consumers, --batch or --cycle: what belongs to the level. In memory one thread, then one"
                    + " producer and one consumer. At process-crash one producer and one consumer, then one and two that"
                    + " send while nobody receives, beside the appenders and the tailer of a Chronicle Queue. At"
                    + " power-loss 64 senders, one, and one that sends 100 at once, beside one force for each message;"
                    + " then receive and ack.",
            "A +fresh, and a Chronicle Queue, begins each round with files that are new; +pretouched has zeros written to"
                    + " them first; all others use memory again. faults/MiB are page faults for each MiB of payload.",
            "With more than one consumer, peers for a single consumer are left out. Where threads share cores, p99_us is"
                    + " noise."
        })
final class CompareBenchCommand implements Callable<Integer> {
    private static final double USABLE_SHARE = 0.8;
    private static final long MIB = 1 << 20;
    private static final int MIN_HEAP_MIB = 32;
    private static final int MOST_GIB = 1024;
    private static final int SUSTAINED_BATCH = 64;
    private static final int FORCED_FACTOR = 10;

    private final Terminal terminal;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            description = "bytes of each message, " + QueueLoad.MIN_PAYLOAD_BYTES + " to " + QueueLoad.MAX_PAYLOAD_BYTES
                    + " (default: ${DEFAULT-VALUE})")
    private int payload = 256;

    @Mixin
    private final CrewOptions crew = new CrewOptions();

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "messages sent and received in each round (default: ${DEFAULT-VALUE})")
    private long messages = 2_000_000;

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "messages that each may hold, a power of two (default: ${DEFAULT-VALUE})")
    private int window = 16_384;

    @Option(names = "--warmups", paramLabel = "N", description = "rounds that do not count (default: ${DEFAULT-VALUE})")
    private int warmups = 3;

    @Option(names = "--rounds", paramLabel = "N", description = "rounds that count (default: ${DEFAULT-VALUE})")
    private int rounds = 7;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "compare only these: ${COMPLETION-CANDIDATES}")
    private List<Contestant> only = List.of();

    @Option(
            names = "--heap-mib",
            paramLabel = "N",
            description = "heap of each JVM in MiB, all of it touched at the start (default: ${DEFAULT-VALUE})")
    private int heapMib = 1024;

    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            split = ",",
            converter = Level.Converter.class,
            completionCandidates = Level.Names.class,
            description = "what messages survive: ${COMPLETION-CANDIDATES} (default: all of them)")
    private List<Level> durability =
            Arrays.stream(Durability.values()).map(Level::new).toList();

    @Option(
            names = "--forced-messages",
            paramLabel = "N",
            description =
                    "messages in each round of those who force every single one, at power-loss; of others ten times"
                            + " as many (default: ${DEFAULT-VALUE})")
    private long forcedMessages = 5_000;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the directory in which new ones are made for files, and deleted (default: that of the system"
                    + " for temporary files)")
    private @Nullable Path data;

    @Option(
            names = "--sustained",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description =
                    "then let the engine, and a Chronicle Queue, work for so long without a break at process-crash,"
                            + " beside what the disk does by itself: 60s for example")
    private @Nullable Duration sustained;

    @Option(
            names = "--sustained-gib",
            paramLabel = "N",
            description =
                    "payload after which a Chronicle Queue stops early, since nothing is removed from it (default:"
                            + " ${DEFAULT-VALUE})")
    private int sustainedGib = 8;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to this file, too")
    private @Nullable Path json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "write a page with charts, tables and the machine to this file, too; it fetches nothing")
    private @Nullable Path html;

    CompareBenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Rounds repeats = new Rounds(
                Require.between("--warmups", warmups, 0, Rounds.MAX),
                Require.between("--rounds", rounds, 1, Rounds.MAX));
        Path directory = PersistenceOptions.directory(data);
        List<Heat> heats = heats(directory);
        heats.forEach(this::checkMemory);
        List<Entrant> lasting = lasting(directory);
        Optional<FiguresFile> jsonFile = Optional.ofNullable(json).map(path -> FiguresFile.at("--json", path));
        Optional<FiguresFile> htmlFile = Optional.ofNullable(html).map(path -> FiguresFile.at("--html", path));
        List<ComparedFigures> figures = compare(heats, repeats);
        print(heats, figures);
        List<String> notes = lasting.isEmpty() ? List.of() : sustain(lasting, directory);
        jsonFile.ifPresent(target -> target.write(writer -> ComparisonReport.writeJson(figures, writer)));
        htmlFile.ifPresent(target ->
                target.write(writer -> ComparisonPage.write(Machine.description(directory), figures, notes, writer)));
        return Millrace.OK;
    }

    // ---- who

    private List<Heat> heats(Path directory) {
        Require.between("--payload", payload, QueueLoad.MIN_PAYLOAD_BYTES, QueueLoad.MAX_PAYLOAD_BYTES);
        Require.between("--messages", messages, 1, QueueLoad.MAX_COUNT);
        Require.between("--forced-messages", forcedMessages, 1, QueueLoad.MAX_COUNT / FORCED_FACTOR);
        Require.between("--window", window, 1, Contestant.MAX_WINDOW);
        if (Integer.bitCount(window) != 1) {
            throw new UsageException("--window must be a power of two: --window=" + window);
        }
        Optional<Crew> threads = crew.isGiven() ? Optional.of(crew.crew()) : Optional.empty();
        Heats all = new Heats(
                payload,
                messages,
                forcedMessages,
                window,
                threads,
                directory,
                one -> only.isEmpty() || only.contains(one));
        List<Heat> heats = durability.stream()
                .map(Level::level)
                .distinct()
                .flatMap(level -> all.at(level).stream())
                .toList();
        if (heats.isEmpty()) {
            throw new UsageException("--only names nobody that does this: --only="
                    + only.stream().map(Contestant::toString).collect(Collectors.joining(","))
                    + threads.map(given -> " threads=" + given).orElse("") + " --durability="
                    + durability.stream().map(Level::toString).collect(Collectors.joining(",")));
        }
        return heats;
    }

    private List<Entrant> lasting(Path directory) {
        Require.between("--sustained-gib", sustainedGib, 1, MOST_GIB);
        if (sustained == null) {
            return List.of();
        }
        QueueLoad load = new QueueLoad(payload, Crew.of(1, 1, SUSTAINED_BATCH), messages, 0, window);
        return Stream.of(Contestant.MILLRACE_RAW, Contestant.CHRONICLE_QUEUE)
                .map(one -> new Entrant(one, load, Persistence.at(Durability.PROCESS_CRASH, directory)))
                .toList();
    }

    /** All JVMs of a heat are there at the same time. */
    private void checkMemory(Heat heat) {
        Require.between("--heap-mib", heapMib, MIN_HEAP_MIB, Integer.MAX_VALUE);
        long needed = 0;
        for (Entrant entrant : heat.entrants()) {
            long offHeap = OffHeapRoom.neededBytes(entrant.load(), entrant.persistence());
            if (offHeap > heapMib * MIB / 2) {
                throw new UsageException("--heap-mib is too small for the window, whose off-heap bytes may be half of"
                        + " it: --heap-mib=" + heapMib + " neededBytes=" + offHeap + " entrant=" + entrant.name());
            }
            needed += heapMib * MIB + offHeap;
        }
        long usable = (long) (Machine.memoryBytes() * USABLE_SHARE);
        if (needed > usable) {
            throw new UsageException("--heap-mib is too large for this machine: --heap-mib=" + heapMib + " neededBytes="
                    + needed + " usableBytes=" + usable + "; lower it, or name fewer with --only");
        }
    }

    // ---- what they do

    private List<ComparedFigures> compare(List<Heat> heats, Rounds repeats) throws InterruptedException {
        heats.stream()
                .flatMap(heat -> heat.entrants().stream())
                .map(Entrant::contestant)
                .distinct()
                .forEach(this::sayOptions);
        long steps = heats.stream().mapToLong(heat -> heat.entrants().size()).sum() * (warmups + rounds);
        List<ComparedFigures> figures = new ArrayList<>();
        try (StepProgress progress = progress(steps)) {
            for (Heat heat : heats) {
                figures.addAll(new Comparison(heat, repeats, heapMib)
                        .run((entrant, round, rate) -> progress.step(words(entrant, round, rate))));
            }
        }
        return figures;
    }

    private StepProgress progress(long steps) {
        return StepProgress.of("compare", steps, terminal.out(), terminal.isInteractive());
    }

    private void sayOptions(Contestant contestant) {
        terminal.out()
                .println("compare: " + contestant + " runs with "
                        + String.join(" ", Comparison.jvmOptions(contestant, heapMib)));
    }

    private String words(Entrant entrant, int round, double rate) {
        String which = round < 1 ? "warm-up" : "round " + round + " of " + rounds;
        return entrant.contestant() + " " + entrant.load().crew() + " " + which + ": " + Figures.count(Math.round(rate))
                + " messages/s";
    }

    private void print(List<Heat> heats, List<ComparedFigures> figures) {
        for (Heat heat : heats) {
            List<ComparedFigures> ofHeat =
                    figures.stream().filter(one -> one.heat().equals(heat)).toList();
            terminal.out().println();
            terminal.out().println(heat.title());
            ComparisonReport.table(ofHeat).forEach(terminal.out()::println);
            List<String> ratios = ComparisonReport.ratioTable(ofHeat);
            if (!ratios.isEmpty()) {
                terminal.out().println();
                ratios.forEach(terminal.out()::println);
            }
        }
    }

    private List<String> sustain(List<Entrant> lasting, Path directory) throws InterruptedException {
        Sustained job = new Sustained(
                Objects.requireNonNull(sustained).toNanos(), sustainedGib * 1024L * MIB, warmups, heapMib);
        List<Double> diskRates = new ArrayList<>(job.diskRates(directory));
        List<SustainedFigures> figures = new ArrayList<>();
        for (Entrant entrant : lasting) {
            long steps = Objects.requireNonNull(sustained).toSeconds();
            try (StepProgress progress =
                    StepProgress.of("sustained", steps, terminal.out(), terminal.isInteractive())) {
                figures.add(job.run(entrant, new EverySecond(progress)));
            }
        }
        diskRates.addAll(job.diskRates(directory));
        List<String> lines = SustainedReport.lines(figures, diskRates);
        terminal.out().println();
        lines.forEach(terminal.out()::println);
        return lines;
    }

    /** Rounds are shorter than what a person wants to read. */
    private static final class EverySecond implements Sustained.Listener {
        private static final long NS_PER_S = 1_000_000_000;

        private final StepProgress progress;
        private long told;

        EverySecond(StepProgress progress) {
            this.progress = progress;
        }

        @Override
        public void onRound(Entrant entrant, long elapsedNs, double messagesPerSecond) {
            for (; told < elapsedNs / NS_PER_S; told++) {
                progress.step(entrant.name() + " " + (told + 1) + " s: " + Figures.count(Math.round(messagesPerSecond))
                        + " messages/s");
            }
        }
    }
}
