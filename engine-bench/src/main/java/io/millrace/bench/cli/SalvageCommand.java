package io.millrace.bench.cli;

import io.millrace.bench.directory.ReadProgress;
import io.millrace.bench.directory.Salvaging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code millrace salvage}. */
@Command(
        name = "salvage",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = {
            "Copies what is sound in the damaged directory of an engine into a new one, which an engine can open:"
                    + " queues, their configuration and tags, and every living message with its id, attributes,"
                    + " receive count, deadlines and stamps.",
            "What is lost: messages whose records are damaged or in missing files; receipts, if the manifest is"
                    + " damaged; name and configuration of a queue whose state is damaged. A message whose end is damaged"
                    + " comes back, even if it was acknowledged.",
            "The damaged directory is not changed, but locked meanwhile, so that no engine opens it. TARGET needs as much"
                    + " room as it takes."
        })
final class SalvageCommand implements Callable<Integer> {
    private static final String TARGET = "TARGET";

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = DirectoryReading.PARAMETER, description = "the damaged directory")
    private Path directory = Path.of("");

    @Parameters(index = "1", paramLabel = TARGET, description = "the new directory, where nothing may be yet")
    private Path target = Path.of("");

    SalvageCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        DirectoryReading.requireDirectory(directory);
        requireNew();
        try (Salvaging salvaging = Salvaging.of(directory)) {
            if (!salvaging.isLocked()) {
                terminal.out()
                        .println("note: the directory has no lock file that may be opened: make sure that no engine has"
                                + " it open");
            }
            run(salvaging).forEach(terminal.out()::println);
        }
        terminal.out().println("salvage: OK");
        return Millrace.OK;
    }

    private void requireNew() {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageException(TARGET + " must not exist: " + TARGET + "=" + target);
        }
        try {
            Path parent = target.toAbsolutePath().getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new UsageException(TARGET + " must be in a directory that exists: " + TARGET + "=" + target);
            }
            if (parent.toRealPath().startsWith(directory.toRealPath())) {
                throw new UsageException(
                        TARGET + " must not be within " + DirectoryReading.PARAMETER + ": " + TARGET + "=" + target);
            }
        } catch (IOException e) {
            throw new UsageException(TARGET + " cannot be made: " + TARGET + "=" + target + " cause=" + e);
        }
    }

    private List<String> run(Salvaging salvaging) {
        try (ReadProgress progress =
                ReadProgress.of("salvage", salvaging.totalBytes(), terminal.out(), terminal.isInteractive())) {
            return salvaging.run(target, progress);
        }
    }
}
