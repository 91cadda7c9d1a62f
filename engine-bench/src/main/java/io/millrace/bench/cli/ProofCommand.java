package io.millrace.bench.cli;

import io.millrace.bench.proof.Leg;
import io.millrace.bench.proof.ProofPlan;
import io.millrace.bench.proof.ProofReport;
import io.millrace.bench.proof.ProofRun;
import io.millrace.bench.proof.SourceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace proof}. */
@Command(
        name = "proof",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = {
            "Runs every test and every proof of the project: unit, model and behaviour tests on each JDK (those of"
                    + " $MILLRACE_JDKS, or else those beside the running one), then exhaustive exploration, planted"
                    + " bugs, jcstress, the hammer, kills, losses of power, leaks and flags.",
            "MILLRACE_JAVA_OPTS=-Dkills=N says how often JVMs are killed, -Dimages=N how often the power goes,",
            "-Dproof.seed=N repeats what was random.",
            "What cannot run here is listed as NOT RUN with the reason, and counted. The report is kept."
        })
final class ProofCommand implements Callable<Integer> {
    private static final int MAX_SCALE = 1_000;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Terminal terminal;
    private final Path home = Path.of(System.getProperty("millrace.home", "."));

    @Option(
            names = "--scale",
            paramLabel = "N",
            description =
                    "how many times as long, as often, as many, 1 to " + MAX_SCALE + " (default: ${DEFAULT-VALUE})")
    private int scale = 1;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "run only this, may be repeated: ${COMPLETION-CANDIDATES}",
            completionCandidates = Names.class)
    private List<String> only = List.of();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "where the report is kept (default: results/proof-<UTC time>.txt)")
    private @Nullable Path report;

    /** What {@code --only} may name. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ProofPlan.NAMES.iterator();
        }
    }

    ProofCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Require.between("--scale", scale, 1, MAX_SCALE);
        Set<String> names = new LinkedHashSet<>();
        for (String name : only) {
            if (!ProofPlan.NAMES.contains(name)) {
                throw new UsageException("--only must be one of " + ProofPlan.NAMES + ": --only=" + name);
            }
            names.add(name);
        }
        Instant begun = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Path path = reportPath(begun);
        boolean holds;
        try (ProofReport kept = open(path)) {
            kept.say("proof: scale=" + scale + " begun=" + begun + " " + SourceState.of(home));
            kept.say("proof: java=" + Runtime.version() + " os=" + System.getProperty("os.name") + " "
                    + System.getProperty("os.version") + " " + System.getProperty("os.arch") + " processors="
                    + Runtime.getRuntime().availableProcessors());
            List<Leg> legs = new ProofPlan(home, scale, names).legs();
            new ProofRun(home, kept).run(legs);
            holds = kept.sum();
        }
        terminal.out().println("proof: report=" + path);
        return holds ? Millrace.OK : Millrace.FAILED;
    }

    private Path reportPath(Instant begun) throws IOException {
        if (report != null) {
            return report;
        }
        Path results = Files.createDirectories(home.resolve("results"));
        return results.resolve("proof-" + STAMP.format(begun) + ".txt");
    }

    private ProofReport open(Path path) {
        try {
            return new ProofReport(terminal.out(), path);
        } catch (IOException e) {
            throw new UsageException("--report cannot be written: --report=" + path + " cause=" + e);
        }
    }
}
