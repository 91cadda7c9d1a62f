package io.millrace.api;

import java.io.Serial;
import java.nio.file.Path;

/** Thrown when a directory is opened in which this process may not write. Thread-safe. */
public final class ReadOnlyDirectoryException extends DirectoryException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Says where.
     *
     * @param path the directory, or the one in which it was to be made
     * @param cause what the operating system answered
     */
    public ReadOnlyDirectoryException(Path path, Throwable cause) {
        super(
                path,
                "directory is read-only: path=" + Shown.path(path)
                        + "; make it writable for this process; to look at it, millrace inspect needs to read only",
                cause);
    }
}
