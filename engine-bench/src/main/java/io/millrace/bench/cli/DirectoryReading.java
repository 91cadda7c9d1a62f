package io.millrace.bench.cli;

import io.millrace.bench.directory.ReadProgress;
import io.millrace.bench.directory.StoredDirectory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the commands share that look at a directory from outside. Stateless. */
final class DirectoryReading {
    static final String PARAMETER = "DIR";

    private DirectoryReading() {}

    /** Reads everything, behind a bar if that takes its time. */
    static StoredDirectory read(String command, Path path, Terminal terminal) {
        requireDirectory(path);
        final StoredDirectory directory = StoredDirectory.at(path);
        try (ReadProgress progress =
                ReadProgress.of(command, directory.totalBytes(), terminal.out(), terminal.isInteractive())) {
            directory.read(progress);
        }
        if (directory.mayChange()) {
            terminal.out()
                    .println("note: not closed in order: if an engine has the directory open now, this is a snapshot;"
                            + " else one ended without warning");
        }
        return directory;
    }

    static void requireDirectory(Path path) {
        if (!Files.isDirectory(path)) {
            throw new UsageException(PARAMETER + " is not a directory: " + PARAMETER + "=" + path);
        }
    }
}
