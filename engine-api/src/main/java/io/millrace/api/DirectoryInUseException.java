package io.millrace.api;

import java.io.Serial;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Thrown when a directory is opened that an engine has open, in this process or in another. Thread-safe. */
public final class DirectoryInUseException extends DirectoryException {
    /** What stands for a process that is not known. */
    private static final long UNKNOWN = -1;

    @Serial
    private static final long serialVersionUID = 1L;

    /** Whether this process holds the directory. */
    private final boolean thisProcess;

    /** The other process, or {@link #UNKNOWN}. */
    private final long pid;

    private DirectoryInUseException(Path path, boolean thisProcess, long pid, String message) {
        super(path, message);
        this.thisProcess = thisProcess;
        this.pid = pid;
    }

    /**
     * For a directory that an engine of this process has open.
     *
     * @param path the directory
     * @return a new exception
     */
    public static DirectoryInUseException byThisProcess(Path path) {
        return new DirectoryInUseException(
                path,
                true,
                UNKNOWN,
                "directory is open in this process already: path=" + Shown.path(path)
                        + "; close the engine that has it, or use that engine");
    }

    /**
     * For a directory that an engine of another process has open.
     *
     * @param path the directory
     * @param pid the process that the lock file names, if it names one
     * @return a new exception
     */
    public static DirectoryInUseException byAnotherProcess(Path path, OptionalLong pid) {
        return new DirectoryInUseException(
                path,
                false,
                pid.orElse(UNKNOWN),
                "directory is open in another process: path=" + Shown.path(path) + " pid="
                        + (pid.isPresent() ? Long.toString(pid.getAsLong()) : "unknown")
                        + "; end that process, or open another directory");
    }

    /**
     * Whether an engine of this very process has the directory open.
     *
     * @return false if another process has it
     */
    public boolean isThisProcess() {
        return thisProcess;
    }

    /**
     * The other process, as far as its lock file tells. In a container this is its number in there.
     *
     * @return empty if this process has the directory open, or the other one is not known
     */
    public OptionalLong pid() {
        return pid == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(pid);
    }
}
