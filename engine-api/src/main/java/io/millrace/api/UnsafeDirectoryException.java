package io.millrace.api;

import java.io.Serial;
import java.nio.file.Path;

/**
 * Thrown when a directory is opened that somebody else may write to or lead astray, or that lies where locks and
 * forces may not hold. Thread-safe.
 */
public final class UnsafeDirectoryException extends DirectoryException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What is unsafe. */
    private final String problem;

    /**
     * Says what is unsafe, and what to do.
     *
     * @param path the directory
     * @param problem what is unsafe, as pairs, for example {@code owner=mallory expected=alice}
     * @param remedy what to do, with the name of the option that allows it if there is one
     */
    public UnsafeDirectoryException(Path path, String problem, String remedy) {
        super(path, "directory is not safe: path=" + Shown.path(path) + " " + Shown.text(problem) + "; " + remedy);
        this.problem = problem;
    }

    /**
     * What is unsafe.
     *
     * @return pairs {@code name=value}
     */
    public String problem() {
        return problem;
    }
}
