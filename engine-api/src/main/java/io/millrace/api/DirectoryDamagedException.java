package io.millrace.api;

import java.io.Serial;
import java.nio.file.Path;

/** Thrown when a directory is opened whose manifest is not what an engine wrote. Nothing was guessed. Thread-safe. */
public final class DirectoryDamagedException extends DirectoryException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The damaged file. */
    private final String file;

    /** What is wrong with it. */
    private final String problem;

    /**
     * Says what is wrong.
     *
     * @param path the directory
     * @param file name of the damaged file, for example {@code manifest}
     * @param problem what is wrong with it, for example {@code checksum differs}
     */
    public DirectoryDamagedException(Path path, String file, String problem) {
        super(
                path,
                "directory is damaged: path=" + Shown.path(path) + " file=" + Shown.text(file) + " problem="
                        + Shown.text(problem)
                        + "; restore it from a backup, or save what is sound with: millrace salvage");
        this.file = file;
        this.problem = problem;
    }

    /**
     * The damaged file.
     *
     * @return its name in the directory
     */
    public String file() {
        return file;
    }

    /**
     * What is wrong with it.
     *
     * @return for example {@code checksum differs}
     */
    public String problem() {
        return problem;
    }
}
