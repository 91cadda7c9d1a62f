package io.millrace.bench.cli;

import io.millrace.bench.run.Crew;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which threads do the work. Filled by the command line, then read. */
final class CrewOptions {
    private static final int DEFAULT_BATCH = 64;

    @Option(
            names = "--producers",
            paramLabel = "N",
            description = "threads that send; 0: only receiving is measured (default: 1)")
    private @Nullable Integer producers;

    @Option(
            names = "--consumers",
            paramLabel = "N",
            description = "threads that receive and acknowledge; 0: only sending is measured (default: 1)")
    private @Nullable Integer consumers;

    @Option(
            names = "--cycle",
            description = "one thread instead, which sends a message, then receives and acknowledges one")
    private boolean cycle;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "most messages that a consumer receives at once (default: " + DEFAULT_BATCH + ")")
    private @Nullable Integer batch;

    /** Whether the command line says which threads it shall be. */
    boolean isGiven() {
        return cycle || producers != null || consumers != null || batch != null;
    }

    Crew crew() {
        if (cycle) {
            Require.absent("--producers", producers, "--cycle");
            Require.absent("--consumers", consumers, "--cycle");
            Require.absent("--batch", batch, "--cycle");
            return Crew.cycle();
        }
        int senders = Require.between("--producers", orElse(producers, 1), 0, Crew.MAX_THREADS);
        int least = senders == 0 ? 1 : 0;
        return Crew.of(
                senders,
                Require.between("--consumers", orElse(consumers, 1), least, Crew.MAX_THREADS),
                Require.between("--batch", orElse(batch, DEFAULT_BATCH), 1, Crew.MAX_BATCH));
    }

    private static int orElse(@Nullable Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }
}
