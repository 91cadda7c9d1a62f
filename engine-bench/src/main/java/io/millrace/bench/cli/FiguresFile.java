package io.millrace.bench.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where figures are written to. Opened before anything is measured, so that no figures are lost to a typing mistake. */
final class FiguresFile {
    /** Writes figures to where they belong. */
    @FunctionalInterface
    interface Content {
        void writeTo(Writer target) throws IOException;
    }

    private final Path path;

    private FiguresFile(Path path) {
        this.path = path;
    }

    /**
     * A file that can be written; a new one is empty until the figures are there.
     *
     * @throws UsageException naming the option, if it cannot
     */
    static FiguresFile at(String option, Path path) {
        try {
            Files.newBufferedWriter(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new UsageException(option + " cannot be written: " + option + "=" + path + " cause=" + e);
        }
        return new FiguresFile(path);
    }

    void write(Content figures) {
        try (Writer writer = Files.newBufferedWriter(path)) {
            figures.writeTo(writer);
        } catch (IOException e) {
            throw new UncheckedIOException("figures cannot be written: file=" + path, e);
        }
    }
}
