package io.millrace.api;

import java.io.Serial;
import java.nio.file.Path;

/** Thrown when a directory is opened whose files another build wrote, in a format that this one does not read. Thread-safe. */
public final class DirectoryFormatException extends DirectoryException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Format and build that wrote the directory. */
    private final String found;

    /** Format and build that are running. */
    private final String expected;

    /**
     * Names both.
     *
     * @param path the directory
     * @param found format and build that wrote it, for example {@code 0/0.1.0-SNAPSHOT.1}
     * @param expected format and build that are running
     */
    public DirectoryFormatException(Path path, String found, String expected) {
        super(
                path,
                "directory was written by another build: path=" + Shown.path(path) + " found=" + Shown.text(found)
                        + " expected=" + expected
                        + "; open it with the build that wrote it, or give another directory");
        this.found = found;
        this.expected = expected;
    }

    /**
     * Format and build that wrote the directory.
     *
     * @return for example {@code 0/0.1.0-SNAPSHOT.1}
     */
    public String found() {
        return found;
    }

    /**
     * Format and build that are running.
     *
     * @return for example {@code 0/0.1.0-SNAPSHOT.2}
     */
    public String expected() {
        return expected;
    }
}
