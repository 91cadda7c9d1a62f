package io.millrace.api;

import java.io.Serial;
import java.nio.file.Path;

/**
 * Thrown when a directory is opened whose log is damaged at a place that was written and marked as such, so that messages
 * may be missing which an engine has promised to keep. Thread-safe.
 *
 * <p>What an end without warning leaves behind is no damage and does not throw this.
 */
public final class CorruptLogException extends DirectoryException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The damaged file. */
    private final String file;

    /** First damaged byte. */
    private final long fromOffset;

    /** The byte after the last damaged one. */
    private final long toOffset;

    /** What is wrong there. */
    private final String problem;

    /**
     * Says where.
     *
     * @param path the directory
     * @param file name of the damaged file
     * @param fromOffset first damaged byte, from the start of the file
     * @param toOffset the byte after the last damaged one; equal to {@code fromOffset} if nothing is there at all
     * @param problem what is wrong there, for example {@code checksum differs}
     */
    public CorruptLogException(Path path, String file, long fromOffset, long toOffset, String problem) {
        super(
                path,
                "log is damaged: path=" + Shown.path(path) + " file=" + Shown.text(file) + " from=" + fromOffset
                        + " to="
                        + toOffset + " problem=" + Shown.text(problem)
                        + "; restore it from a backup, or save what is sound with: millrace salvage");
        this.file = file;
        this.fromOffset = fromOffset;
        this.toOffset = toOffset;
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
     * First damaged byte.
     *
     * @return offset from the start of the file, in bytes
     */
    public long fromOffset() {
        return fromOffset;
    }

    /**
     * The byte after the last damaged one.
     *
     * @return offset from the start of the file, in bytes
     */
    public long toOffset() {
        return toOffset;
    }

    /**
     * What is wrong there.
     *
     * @return for example {@code checksum differs}
     */
    public String problem() {
        return problem;
    }
}
