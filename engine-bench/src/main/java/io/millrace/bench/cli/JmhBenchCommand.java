package io.millrace.bench.cli;

import io.millrace.bench.jmh.JmhFigures;
import io.millrace.bench.jmh.JmhReport;
import io.millrace.bench.jmh.JmhRun;
import io.millrace.bench.report.Figures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace bench jmh}. */
@Command(
        name = "jmh",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = {
            "Runs the JMH benchmarks of the hot structures and of both tiers, on one thread, and prints nanoseconds and"
                    + " allocated bytes for each operation.",
            "The error is half the width of the 99.9 % confidence interval."
        })
final class JmhBenchCommand implements Callable<Integer> {
    private static final int MAX_REPEATS = 100;
    private static final int MAX_TIME_MS = 60_000;

    private final Terminal terminal;

    @Parameters(
            paramLabel = "PATTERN",
            arity = "0..*",
            description = "regular expressions; benchmarks whose names contain one are run (default: all of them)")
    private List<Pattern> patterns = List.of();

    @Option(
            names = "--forks",
            paramLabel = "N",
            description = "JVMs for each benchmark; 0: none, which gives no figures to trust (default:"
                    + " ${DEFAULT-VALUE})")
    private int forks = 3;

    @Option(
            names = "--warmups",
            paramLabel = "N",
            description = "iterations that do not count, in each fork (default: ${DEFAULT-VALUE})")
    private int warmups = 3;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "iterations that count, in each fork (default: ${DEFAULT-VALUE})")
    private int iterations = 5;

    @Option(
            names = "--time-ms",
            paramLabel = "N",
            description = "milliseconds of an iteration (default: ${DEFAULT-VALUE})")
    private int timeMs = 300;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to this file, too")
    private @Nullable Path json;

    JmhBenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        JmhRun run = new JmhRun(
                Require.between("--forks", forks, 0, MAX_REPEATS),
                Require.between("--warmups", warmups, 0, MAX_REPEATS),
                Require.between("--iterations", iterations, 1, MAX_REPEATS),
                Require.between("--time-ms", timeMs, 1, MAX_TIME_MS));
        List<String> names = JmhRun.find(patterns);
        if (names.isEmpty()) {
            throw new UsageException("PATTERN is in no benchmark's name: PATTERN=" + patterns);
        }
        Optional<FiguresFile> file = Optional.ofNullable(json).map(path -> FiguresFile.at("--json", path));
        List<JmhFigures> figures = new ArrayList<>();
        for (String name : names) {
            figures.addAll(run.run(name, this::say));
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted after " + name);
            }
        }
        JmhReport.lines(figures).forEach(terminal.out()::println);
        file.ifPresent(target -> target.write(writer -> JmhReport.writeJson(figures, run, writer)));
        return Millrace.OK;
    }

    private void say(JmhFigures one) {
        terminal.out()
                .println("jmh: " + one.name() + ": " + Figures.decimal(one.nsPerOp(), 1) + " ns/op "
                        + Figures.decimal(one.allocatedBytesPerOp(), 2) + " B/op");
    }
}
