package io.millrace.bench.cli;

import io.millrace.bench.report.Figures;
import io.millrace.bench.run.Crew;
import io.millrace.bench.run.Persistence;
import io.millrace.bench.run.QueueBench;
import io.millrace.bench.run.QueueFigures;
import io.millrace.bench.run.QueueFiguresJson;
import io.millrace.bench.run.QueueFiguresTable;
import io.millrace.bench.run.QueueLoad;
import io.millrace.bench.run.Rounds;
import io.millrace.bench.run.Tier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace bench queue}. */
@Command(
        name = "queue",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = {
            "Sends, receives and acknowledges messages through one queue, in rounds, and prints medians.",
            "p50_us and p99_us are the times from send to consumer of every 64th message, with --cycle those of a"
                    + " whole cycle, without consumers those of a send, without producers those of receiving and"
                    + " acknowledging a batch. With a backlog they are mostly the wait behind it; where threads share cores,"
                    + " p99_us is noise.",
            "Without producers or without consumers, --window messages are sent or received at a time; what replaces or"
                    + " removes them is not measured. forces/s and messages/force count system calls that force a file;"
                    + " faults/MiB are page faults of the JVM for each MiB of payload."
        })
final class QueueBenchCommand implements Callable<Integer> {
    private static final long DEFAULT_WINDOW = 16_384;

    /** Which ways to use the queue are measured. */
    enum TierChoice {
        RAW,
        HEAP,
        BOTH;

        List<Tier> tiers() {
            return switch (this) {
                case RAW -> List.of(Tier.RAW);
                case HEAP -> List.of(Tier.HEAP);
                case BOTH -> List.of(Tier.RAW, Tier.HEAP);
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

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
            names = "--send-batch",
            paramLabel = "N",
            description = "messages that a producer sends at once, in the heap tier (default: 1)")
    private @Nullable Integer sendBatch;

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "messages sent and received in each round (default: ${DEFAULT-VALUE})")
    private long messages = 2_000_000;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            description = "messages that wait in the queue all the time (default: ${DEFAULT-VALUE})")
    private long backlog;

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "by how many messages the queue may grow beyond the backlog (default: ${DEFAULT-VALUE})")
    private long window = DEFAULT_WINDOW;

    @Option(names = "--warmups", paramLabel = "N", description = "rounds that do not count (default: ${DEFAULT-VALUE})")
    private int warmups = 3;

    @Option(names = "--rounds", paramLabel = "N", description = "rounds that count (default: ${DEFAULT-VALUE})")
    private int rounds = 5;

    @Option(names = "--tier", paramLabel = "TIER", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private TierChoice tier = TierChoice.BOTH;

    @Mixin
    private final PersistenceOptions kept = new PersistenceOptions();

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to this file, too")
    private @Nullable Path json;

    QueueBenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Persistence persistence = kept.persistence();
        QueueLoad load = load(persistence);
        Rounds repeats = new Rounds(
                Require.between("--warmups", warmups, 0, Rounds.MAX),
                Require.between("--rounds", rounds, 1, Rounds.MAX));
        Optional<FiguresFile> file = Optional.ofNullable(json).map(path -> FiguresFile.at("--json", path));
        List<QueueFigures> figures = new ArrayList<>();
        for (Tier one : tiers()) {
            figures.add(QueueBench.run(one, load, persistence, repeats, (round, rate) -> say(one, load, round, rate)));
        }
        QueueFiguresTable.lines(figures).forEach(terminal.out()::println);
        file.ifPresent(target -> target.write(writer -> QueueFiguresJson.write(figures, writer)));
        return Millrace.OK;
    }

    private QueueLoad load(Persistence persistence) {
        QueueLoad load = new QueueLoad(
                Require.between("--payload", payload, QueueLoad.MIN_PAYLOAD_BYTES, QueueLoad.MAX_PAYLOAD_BYTES),
                crew(),
                Require.between("--messages", messages, 1, QueueLoad.MAX_COUNT),
                Require.between("--backlog", backlog, 0, QueueLoad.MAX_COUNT),
                Require.between("--window", window, 1, QueueLoad.MAX_COUNT));
        try {
            QueueBench.checkRoom(load, persistence);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
        }
        return load;
    }

    private Crew crew() {
        Crew threads = crew.crew();
        if (sendBatch == null) {
            return threads;
        }
        if (threads.isCycle()) {
            Require.absent("--send-batch", sendBatch, "--cycle");
        }
        if (tier == TierChoice.RAW) {
            Require.absent("--send-batch", sendBatch, "--tier=" + tier);
        }
        return threads.withSendBatch(Require.between("--send-batch", sendBatch, 1, Crew.MAX_SEND_BATCH));
    }

    private List<Tier> tiers() {
        return sendBatch == null ? tier.tiers() : List.of(Tier.HEAP);
    }

    private void say(Tier one, QueueLoad load, int round, double rate) {
        String which = round < 1 ? "warm-up" : "round " + round + " of " + rounds;
        terminal.out()
                .println("bench: " + one + " " + load.crew() + " " + which + ": " + Figures.count(Math.round(rate))
                        + " messages/s");
    }
}
