package io.millrace.core.file;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a file or directory at one moment, without following a symbolic link. Immutable.
 *
 * @param kind what it is
 * @param length in bytes
 * @param links how many names it has; 1 where the system does not tell
 * @param owner number of the user, or {@link #UNKNOWN}
 * @param mode the lower twelve bits of its mode, or {@link #UNKNOWN}
 * @param key what tells it from every other file that exists now, or null where the system does not tell
 */
public record FileFacts(
        Kind kind,
        long length,
        int links,
        int owner,
        int mode,
        @Nullable Object key) {
    /** Stands for what the system does not tell. */
    public static final int UNKNOWN = -1;

    private static final int WRITABLE_FOR_OTHERS = 0b000_010_010;

    /** What a name may stand for. */
    public enum Kind {
        /** A file with bytes. */
        FILE,
        /** A directory. */
        DIRECTORY,
        /** A symbolic link, wherever it leads. */
        SYMBOLIC_LINK,
        /** A pipe, a socket or a device. */
        OTHER
    }

    /** Whether its group or everybody may write. */
    public boolean isWritableForOthers() {
        return mode != UNKNOWN && (mode & WRITABLE_FOR_OTHERS) != 0;
    }

    /** Whether it is a file with one name at most (none if it is just being replaced), the only kind that may be opened. */
    public boolean isPlainFile() {
        return kind == Kind.FILE && links <= 1;
    }

    /** Whether both are of the same file, as far as the system tells. */
    public boolean isSameFile(FileFacts other) {
        return key == null || other.key == null || key.equals(other.key);
    }
}
