package io.millrace.bench.cli;

import io.millrace.api.Durability;
import io.millrace.bench.demo.CrashDemo;
import io.millrace.bench.demo.Demo;
import io.millrace.bench.demo.DemoConfig;
import io.millrace.bench.demo.DemoReport;
import io.millrace.bench.demo.InputFiles;
import io.millrace.bench.demo.ProgressBarView;
import io.millrace.bench.demo.ProgressLinesView;
import io.millrace.bench.demo.ProgressView;
import io.millrace.bench.demo.Storage;
import io.millrace.bench.disk.WorkDirectory;
import io.millrace.bench.report.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = {
            "Sends every line of real files through a queue to competing consumers that fail on purpose, redrives what"
                    + " was dead-lettered, rebuilds the files from what was consumed, and compares their digests.",
            "With --crash the figures of deliveries and dead letters are the least that there were: a process that is"
                    + " killed cannot tell what it did last.",
            "Directories named .git or target and symbolic links are left out."
        })
final class DemoCommand implements Callable<Integer> {
    /** Set by the script to the root of the project. */
    private static final String HOME_PROPERTY = "millrace.home";

    /** Lines are kept on the heap until their file is complete. */
    private static final int HEAP_SHARE = 4;

    private final Terminal terminal;

    @Option(
            names = "--input",
            paramLabel = "DIR",
            description = "the directory whose files are sent (default: the source tree of Millrace)")
    private Path input = Path.of(System.getProperty(HOME_PROPERTY, "."));

    @Option(
            names = "--consumers",
            paramLabel = "N",
            description =
                    "how many consumers compete, 1 to " + DemoConfig.MAX_CONSUMERS + " (default: ${DEFAULT-VALUE})")
    private int consumers = DemoConfig.defaults().consumers();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "decides which lines fail, and how (default: ${DEFAULT-VALUE})")
    private long seed = DemoConfig.defaults().seed();

    @Option(
            names = "--max-file-bytes",
            paramLabel = "N",
            description = "leave out files larger than this, 1 to " + DemoConfig.MAX_FILE_BYTES
                    + " (default: ${DEFAULT-VALUE})")
    private int maxFileBytes = DemoConfig.defaults().maxFileBytes();

    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            converter = Level.Converter.class,
            completionCandidates = Level.Names.class,
            description = "what messages survive: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Level durability = new Level(Durability.MEMORY);

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "the directory that keeps the messages, if they are to survive anything; what another demo left"
                            + " there is removed (default: a temporary one, which is deleted at the end)")
    private @Nullable Path data;

    @Option(
            names = "--crash",
            description =
                    "send and receive in a process of its own, which is killed again and again, also while it opens"
                            + " the directory; another one goes on")
    private boolean isCrashed;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Require.between("--consumers", consumers, 1, DemoConfig.MAX_CONSUMERS);
        Require.between("--max-file-bytes", maxFileBytes, 1, DemoConfig.MAX_FILE_BYTES);
        boolean isInMemory = durability.level() == Durability.MEMORY;
        if (isInMemory) {
            Require.absent("--data", data, "--durability=" + durability);
        }
        if (isInMemory && isCrashed) {
            throw new UsageException("--crash needs messages that survive it: --durability=" + durability
                    + "; choose --durability=process-crash or --durability=power-loss");
        }
        DemoConfig config =
                DemoConfig.defaults().withConsumers(consumers).withSeed(seed).withMaxFileBytes(maxFileBytes);
        InputFiles files = find();
        terminal.out()
                .println("demo: files=" + files.files().size() + " bytes=" + Figures.count(files.totalBytes())
                        + " consumers=" + consumers + " seed=" + seed + " durability=" + durability
                        + (isCrashed ? " crash" : "") + " input=" + input + (data == null ? "" : " data=" + data));
        if (isInMemory) {
            return print(run(config, files, Storage.inMemory()));
        }
        if (data != null) {
            return print(run(config, files, new Storage(durability.level(), data)));
        }
        try (WorkDirectory directory = WorkDirectory.in(WorkDirectory.temporary(), "millrace-demo")) {
            return print(run(config, files, new Storage(durability.level(), directory.path())));
        }
    }

    private InputFiles find() {
        if (!Files.isDirectory(input)) {
            throw new UsageException("--input is not a directory: --input=" + input);
        }
        InputFiles files;
        try {
            files = InputFiles.below(input, maxFileBytes);
        } catch (IOException e) {
            throw new UsageException("--input cannot be read: --input=" + input + " cause=" + e);
        }
        if (files.files().isEmpty()) {
            throw new UsageException("--input holds no file to send: --input=" + input + " tooLarge=" + files.tooLarge()
                    + " unreadable=" + files.unreadable());
        }
        long most = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
        if (files.totalBytes() > most) {
            throw new UsageException("--input is too large for the heap: --input=" + input + " bytes="
                    + files.totalBytes() + " most=" + most + "; choose a smaller directory, lower --max-file-bytes, or"
                    + " set MILLRACE_JAVA_OPTS=-Xmx...");
        }
        return files;
    }

    private DemoReport run(DemoConfig config, InputFiles files, Storage storage) throws InterruptedException {
        try (ProgressView view = terminal.isInteractive()
                ? new ProgressBarView(terminal.out(), files.totalBytes())
                : new ProgressLinesView(terminal.out(), files.totalBytes())) {
            return isCrashed
                    ? new CrashDemo(config, files, storage).run(view)
                    : new Demo(config, files, storage).run(view);
        }
    }

    private int print(DemoReport report) {
        report.table().forEach(terminal.out()::println);
        if (report.isOk()) {
            terminal.out().println("demo: OK");
            return Millrace.OK;
        }
        terminal.out().flush();
        report.problems().forEach(terminal.err()::println);
        terminal.err().println("demo: FAILED");
        return Millrace.FAILED;
    }
}
