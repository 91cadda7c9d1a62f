package io.millrace.bench.cli;

import io.millrace.bench.compare.ComparedFigures;
import io.millrace.bench.compare.Comparison;
import io.millrace.bench.compare.ComparisonReport;
import io.millrace.bench.compare.Contestant;
import io.millrace.bench.report.Figures;
import io.millrace.bench.run.Crew;
import io.millrace.bench.run.OffHeapRoom;
import io.millrace.bench.run.QueueLoad;
import io.millrace.bench.run.Rounds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
                    + " heap, one at a time, round by round, and prints medians and ratios.",
            "The job: send a message, receive it, look at every byte. A +clone gives each message bytes of its own, as"
                    + " the engine does; without, all messages are references to one array, and nothing is copied."
                    + " ConcurrentLinkedQueue has no bound, the others hold --window messages.",
            "Without --producers, --consumers or --cycle: one thread, then one producer and one consumer. With more than"
                    + " one consumer, peers for a single consumer are left out. Where threads share cores, p99_us is"
                    + " noise."
        })
final class CompareBenchCommand implements Callable<Integer> {
    private static final double USABLE_SHARE = 0.8;
    private static final long MIB = 1 << 20;
    private static final int MIN_HEAP_MIB = 32;

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
            description = "what messages survive: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private DurabilityLevel durability = DurabilityLevel.MEMORY;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to this file, too")
    private @Nullable Path json;

    CompareBenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<QueueLoad> loads = loads();
        Rounds repeats = new Rounds(
                Require.between("--warmups", warmups, 0, Rounds.MAX),
                Require.between("--rounds", rounds, 1, Rounds.MAX));
        checkMemory(loads.get(0));
        Optional<JsonFile> file = Optional.ofNullable(json).map(path -> JsonFile.at("--json", path));
        List<ComparedFigures> figures = new ArrayList<>();
        for (QueueLoad load : loads) {
            List<Contestant> contestants = contestants(load.crew());
            contestants.forEach(this::sayOptions);
            figures.addAll(new Comparison(contestants, load, repeats, heapMib)
                    .run((contestant, round, rate) -> say(contestant, load, round, rate)));
        }
        ComparisonReport.table(figures).forEach(terminal.out()::println);
        for (QueueLoad load : loads) {
            terminal.out().println();
            ComparisonReport.ratioTable(figures.stream()
                            .filter(one -> one.load().equals(load))
                            .toList())
                    .forEach(terminal.out()::println);
        }
        file.ifPresent(
                target -> target.write(writer -> ComparisonReport.writeJson(figures, durability.toString(), writer)));
        return Millrace.OK;
    }

    private List<QueueLoad> loads() {
        Require.between("--payload", payload, QueueLoad.MIN_PAYLOAD_BYTES, QueueLoad.MAX_PAYLOAD_BYTES);
        Require.between("--messages", messages, 1, QueueLoad.MAX_COUNT);
        Require.between("--window", window, 1, Contestant.MAX_WINDOW);
        if (Integer.bitCount(window) != 1) {
            throw new UsageException("--window must be a power of two: --window=" + window);
        }
        return crews().stream()
                .map(threads -> new QueueLoad(payload, threads, messages, 0, window))
                .toList();
    }

    private List<Crew> crews() {
        return crew.isGiven() ? List.of(crew.crew()) : List.of(Crew.cycle(), crew.crew());
    }

    private List<Contestant> contestants(Crew threads) {
        List<Contestant> able = Arrays.stream(Contestant.values())
                .filter(one -> only.isEmpty() || only.contains(one))
                .filter(one -> threads.consumers() == 1 || one.hasManyConsumers())
                .toList();
        if (able.isEmpty()) {
            throw new UsageException("--only names nobody that can have several consumers: --only="
                    + only.stream().map(Contestant::toString).collect(Collectors.joining(",")) + " --consumers="
                    + threads.consumers());
        }
        return able;
    }

    /** All JVMs are there at the same time. */
    private void checkMemory(QueueLoad load) {
        Require.between("--heap-mib", heapMib, MIN_HEAP_MIB, Integer.MAX_VALUE);
        long offHeap = OffHeapRoom.neededBytes(load);
        if (offHeap > heapMib * MIB / 2) {
            throw new UsageException("--heap-mib is too small for the window, whose off-heap bytes may be half of it:"
                    + " --heap-mib=" + heapMib + " neededBytes=" + offHeap);
        }
        long needed = contestants(load.crew()).size() * (heapMib * MIB + offHeap);
        long usable = (long) (MachineMemory.bytes() * USABLE_SHARE);
        if (needed > usable) {
            throw new UsageException("--heap-mib is too large for this machine: --heap-mib=" + heapMib + " neededBytes="
                    + needed + " usableBytes=" + usable + "; lower it, or name fewer with --only");
        }
    }

    private void sayOptions(Contestant contestant) {
        terminal.out()
                .println("compare: " + contestant + " runs with "
                        + String.join(" ", Comparison.jvmOptions(contestant, heapMib)));
    }

    private void say(Contestant contestant, QueueLoad load, int round, double rate) {
        String which = round < 1 ? "warm-up" : "round " + round + " of " + rounds;
        terminal.out()
                .println("compare: " + contestant + " " + load.crew() + " " + which + ": "
                        + Figures.count(Math.round(rate)) + " messages/s");
    }
}
