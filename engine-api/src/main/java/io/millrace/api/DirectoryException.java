package io.millrace.api;

import java.io.Serial;
import java.nio.file.Path;

/**
 * Thrown when a directory cannot be used by an engine: one subtype for each thing that a caller can do about it.
 * Thread-safe.
 *
 * <p>When opening throws it, what is kept in the directory has not changed, and nothing of it is held.
 */
public abstract class DirectoryException extends EngineException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The directory, as text since a path does not travel. */
    private final String path;

    /**
     * For subtypes.
     *
     * @param path the directory
     * @param message what failed, then pairs {@code name=value}, then what to do
     */
    protected DirectoryException(Path path, String message) {
        super(message);
        this.path = path.toString();
    }

    /**
     * For subtypes that another exception caused.
     *
     * @param path the directory
     * @param message what failed, then pairs {@code name=value}, then what to do
     * @param cause what happened underneath
     */
    protected DirectoryException(Path path, String message, Throwable cause) {
        super(message, cause);
        this.path = path.toString();
    }

    /**
     * The directory that cannot be used.
     *
     * @return its path, on the default file system
     */
    public Path path() {
        return Path.of(path);
    }
}
