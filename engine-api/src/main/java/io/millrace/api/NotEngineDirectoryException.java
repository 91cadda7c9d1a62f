package io.millrace.api;

import java.io.Serial;
import java.nio.file.Path;

/**
 * Thrown when a path is opened that is no directory of an engine and cannot become one: it holds something else, it is a
 * file, or there is nowhere to make it. Thread-safe.
 */
public final class NotEngineDirectoryException extends DirectoryException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What is there instead. */
    private final String found;

    /**
     * Says what is there instead.
     *
     * @param path the path that was given
     * @param found what is there, for example {@code notes.txt} or {@code a file}
     * @param remedy what to do, for example {@code give an empty directory or a new one}
     */
    public NotEngineDirectoryException(Path path, String found, String remedy) {
        super(
                path,
                "not a directory of an engine: path=" + Shown.path(path) + " found=" + Shown.text(found) + "; "
                        + remedy);
        this.found = found;
    }

    /**
     * What is there instead.
     *
     * @return for example the name of a file in the directory
     */
    public String found() {
        return found;
    }
}
