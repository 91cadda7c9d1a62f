package io.millrace.bench.cli;

import io.millrace.api.Durability;
import io.millrace.bench.disk.WorkDirectory;
import io.millrace.bench.run.Persistence;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what messages survive, and where they are. Filled by the command line, then read. */
final class PersistenceOptions {
    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            converter = Level.Converter.class,
            completionCandidates = Level.Names.class,
            description = "what messages survive: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Level durability = new Level(Durability.MEMORY);

    @Option(
            names = "--ack-durability",
            paramLabel = "LEVEL",
            converter = Level.Converter.class,
            description =
                    "what acknowledgements survive at --durability=power-loss: process-crash or power-loss (default:"
                            + " power-loss)")
    private @Nullable Level ackDurability;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "the directory in which a new one is made for the messages, and deleted at the end (default: that of"
                            + " the system for temporary files)")
    private @Nullable Path data;

    Persistence persistence() {
        if (durability.level() == Durability.MEMORY) {
            Require.absent("--data", data, "--durability=" + durability);
        }
        return new Persistence(durability.level(), ackLevel(), directory(data));
    }

    private Durability ackLevel() {
        if (ackDurability == null) {
            return Durability.POWER_LOSS;
        }
        if (durability.level() != Durability.POWER_LOSS) {
            Require.absent("--ack-durability", ackDurability, "--durability=" + durability);
        }
        if (ackDurability.level() == Durability.MEMORY) {
            throw new UsageException(
                    "--ack-durability must be process-crash or power-loss: --ack-durability=" + ackDurability);
        }
        return ackDurability.level();
    }

    /**
     * The directory that was named, or the one for temporary files.
     *
     * @throws UsageException if it is none
     */
    static Path directory(@Nullable Path data) {
        Path directory = data == null ? WorkDirectory.temporary() : data;
        if (!Files.isDirectory(directory)) {
            throw new UsageException("--data is not a directory: --data=" + directory);
        }
        return directory;
    }
}
