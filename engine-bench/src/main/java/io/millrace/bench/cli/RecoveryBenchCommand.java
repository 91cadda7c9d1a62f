package io.millrace.bench.cli;

import io.millrace.api.Durability;
import io.millrace.bench.disk.Machine;
import io.millrace.bench.recovery.Recovery;
import io.millrace.bench.recovery.RecoveryFigures;
import io.millrace.bench.recovery.RecoveryLoad;
import io.millrace.bench.recovery.RecoveryReport;
import io.millrace.bench.report.StepProgress;
import io.millrace.bench.run.QueueLoad;
import io.millrace.bench.run.Rounds;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace bench recovery}. */
@Command(
        name = "recovery",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = {
            "Leaves messages waiting in a directory and opens it again, from the page cache: closed in order, or ended"
                    + " without warning; in a JVM that has just been started, or in one that has done it before.",
            "Prints how long it takes, live messages per second, what that is for 1 GiB of log, and the bytes of a waiting"
                    + " message: in memory, and in the log beyond its payload."
        })
final class RecoveryBenchCommand implements Callable<Integer> {
    private static final double USABLE_SHARE = 0.8;

    private final Terminal terminal;

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "messages that wait (default: ${DEFAULT-VALUE}, a log of 1 GiB at 256 bytes)")
    private long messages = 3_195_660;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            description = "bytes of each message, " + QueueLoad.MIN_PAYLOAD_BYTES + " to "
                    + RecoveryLoad.MAX_PAYLOAD_BYTES + " (default: ${DEFAULT-VALUE})")
    private int payload = 256;

    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            converter = Level.Converter.class,
            completionCandidates = Level.OnDisk.class,
            description = "what messages survive: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Level durability = new Level(Durability.PROCESS_CRASH);

    @Option(names = "--rounds", paramLabel = "N", description = "how often it is opened (default: ${DEFAULT-VALUE})")
    private int rounds = 5;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the directory in which a new one is made for the messages, and deleted at the end (default:"
                    + " that of the system for temporary files)")
    private @Nullable Path data;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to this file, too")
    private @Nullable Path json;

    RecoveryBenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Require.between("--rounds", rounds, 1, Rounds.MAX);
        RecoveryLoad load = load();
        Path directory = PersistenceOptions.directory(data);
        Optional<FiguresFile> file = Optional.ofNullable(json).map(path -> FiguresFile.at("--json", path));
        List<RecoveryFigures> figures;
        terminal.out().println("recovery: JVMs run with " + String.join(" ", load.jvmOptions()));
        try (StepProgress progress =
                StepProgress.of("recovery", Recovery.steps(rounds), terminal.out(), terminal.isInteractive())) {
            figures = new Recovery(load, rounds, directory).run(progress::step);
        }
        RecoveryReport.lines(figures).forEach(terminal.out()::println);
        file.ifPresent(target -> target.write(writer -> RecoveryReport.writeJson(figures, writer)));
        return Millrace.OK;
    }

    private RecoveryLoad load() {
        if (durability.level() == Durability.MEMORY) {
            throw new UsageException("--durability must be one that lasts: --durability=" + durability);
        }
        RecoveryLoad load = new RecoveryLoad(
                Require.between("--messages", messages, 1, RecoveryLoad.MAX_MESSAGES),
                Require.between("--payload", payload, QueueLoad.MIN_PAYLOAD_BYTES, RecoveryLoad.MAX_PAYLOAD_BYTES),
                durability.level());
        long needed = load.memoryBytes();
        long usable = (long) (Machine.memoryBytes() * USABLE_SHARE);
        if (needed > usable) {
            throw new UsageException("--messages need more memory than this machine has: --messages=" + messages
                    + " --payload=" + payload + " neededBytes=" + needed + " usableBytes=" + usable);
        }
        return load;
    }
}
