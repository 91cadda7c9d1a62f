package io.millrace.bench.cli;

import io.millrace.bench.disk.Machine;
import io.millrace.bench.report.Figures;
import io.millrace.bench.run.QueueLoad;
import io.millrace.bench.run.Rounds;
import io.millrace.bench.scale.Scale;
import io.millrace.bench.scale.ScaleFigures;
import io.millrace.bench.scale.ScaleLoad;
import io.millrace.bench.scale.ScalePart;
import io.millrace.bench.scale.ScaleReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace bench scale}. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = {
            "Fills an engine with much of something and empties it again, on one thread, and prints medians: nanoseconds"
                    + " for each, and what it takes off the heap, beyond the payload, and on the heap after a"
                    + " collection.",
            "Each part runs in a JVM of its own, which is started with the heap and the direct memory that it needs."
        })
final class ScaleBenchCommand implements Callable<Integer> {
    private static final int DEFAULT_PAYLOAD = 256;
    private static final double USABLE_SHARE = 0.8;

    private final Terminal terminal;

    @Option(
            names = "--parts",
            paramLabel = "PART",
            split = ",",
            description = "${COMPLETION-CANDIDATES} (default: all of them)")
    private List<ScalePart> parts = List.of(ScalePart.values());

    @Option(names = "--queues", paramLabel = "N", description = "how many queues (default: ${DEFAULT-VALUE})")
    private long queues = ScalePart.QUEUES.defaultCount();

    @Option(names = "--delayed", paramLabel = "N", description = "delayed messages (default: ${DEFAULT-VALUE})")
    private long delayed = ScalePart.DELAYED.defaultCount();

    @Option(names = "--in-flight", paramLabel = "N", description = "messages in flight (default: ${DEFAULT-VALUE})")
    private long inFlight = ScalePart.IN_FLIGHT.defaultCount();

    @Option(names = "--waiting", paramLabel = "N", description = "waiting messages (default: ${DEFAULT-VALUE})")
    private long waiting = ScalePart.WAITING.defaultCount();

    @Option(
            names = "--opens",
            paramLabel = "N",
            description = "engines that are opened for a first message in a warm JVM (default: ${DEFAULT-VALUE})")
    private long opens = ScalePart.FIRST_MESSAGE.defaultCount();

    @Option(
            names = "--starts",
            paramLabel = "N",
            description = "JVMs that are started for a first message (default: ${DEFAULT-VALUE})")
    private int starts = 21;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            description = "bytes of each message, " + QueueLoad.MIN_PAYLOAD_BYTES + " to " + ScaleLoad.MAX_PAYLOAD_BYTES
                    + " (default: ${DEFAULT-VALUE})")
    private int payload = DEFAULT_PAYLOAD;

    @Option(names = "--rounds", paramLabel = "N", description = "rounds of each part (default: ${DEFAULT-VALUE})")
    private int rounds = 3;

    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            description = "what messages survive: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private DurabilityLevel durability = DurabilityLevel.MEMORY;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to this file, too")
    private @Nullable Path json;

    ScaleBenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What the parts need at their default sizes, for the help. */
    static String[] needs() {
        List<String> lines = new ArrayList<>(List.of("", "What the parts are given at their default sizes:"));
        Arrays.stream(ScalePart.values())
                .map(part -> need(new ScaleLoad(part, part.defaultCount(), DEFAULT_PAYLOAD)))
                .forEach(lines::add);
        return lines.toArray(String[]::new);
    }

    private static String need(ScaleLoad load) {
        return load.part() + ": count=" + Figures.count(load.count()) + " payload=" + load.payloadBytes()
                + " offHeapLimit=" + Figures.count(load.offHeapLimit()) + " JVM options "
                + String.join(" ", load.jvmOptions());
    }

    @Override
    public Integer call() throws InterruptedException {
        Require.between("--rounds", rounds, 1, Rounds.MAX);
        Require.between("--starts", starts, 1, Rounds.MAX);
        Require.between("--payload", payload, QueueLoad.MIN_PAYLOAD_BYTES, ScaleLoad.MAX_PAYLOAD_BYTES);
        List<ScaleLoad> loads = parts.stream().distinct().map(this::load).toList();
        Optional<FiguresFile> file = Optional.ofNullable(json).map(path -> FiguresFile.at("--json", path));
        List<ScaleFigures> figures = new ArrayList<>();
        for (ScaleLoad load : loads) {
            terminal.out().println("scale: " + need(load));
            figures.addAll(new Scale(load, rounds, starts)
                    .run((step, nsEach) ->
                            terminal.out().println("scale: " + step + ": " + Figures.decimal(nsEach, 1) + " ns each")));
        }
        ScaleReport.lines(figures).forEach(terminal.out()::println);
        file.ifPresent(target -> target.write(writer -> ScaleReport.writeJson(figures, durability.toString(), writer)));
        return Millrace.OK;
    }

    private ScaleLoad load(ScalePart part) {
        return switch (part) {
            case QUEUES -> load(part, "--queues", queues);
            case DELAYED -> load(part, "--delayed", delayed);
            case IN_FLIGHT -> load(part, "--in-flight", inFlight);
            case WAITING -> load(part, "--waiting", waiting);
            case FIRST_MESSAGE -> load(part, "--opens", opens);
        };
    }

    /** The JVM would be refused its memory, or killed for it, in the middle of the part. */
    private ScaleLoad load(ScalePart part, String option, long count) {
        ScaleLoad load = new ScaleLoad(part, Require.between(option, count, 1, ScaleLoad.MAX_COUNT), payload);
        long needed = load.heapBytes() + load.directBytes();
        long usable = (long) (Machine.memoryBytes() * USABLE_SHARE);
        if (needed > usable) {
            throw new UsageException(option + " needs more memory than this machine has: " + option + "=" + count
                    + " --payload=" + payload + " neededBytes=" + needed + " usableBytes=" + usable);
        }
        return load;
    }
}
