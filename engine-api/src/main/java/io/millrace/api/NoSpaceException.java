package io.millrace.api;

import java.io.Serial;
import java.nio.file.Path;

/**
 * Thrown when a directory is opened and its disk, or the user's share of it, is full. An engine that is open refuses messages
 * with {@link Refusal.Reason#DISK_FULL} instead. Thread-safe.
 */
public final class NoSpaceException extends DirectoryException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Says where.
     *
     * @param path the directory
     * @param cause what the operating system answered
     */
    public NoSpaceException(Path path, Throwable cause) {
        super(
                path,
                "disk is full: path=" + Shown.path(path) + "; make room on it or raise the quota, then open again",
                cause);
    }
}
