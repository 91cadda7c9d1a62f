package io.millrace.core.file;

import java.io.IOException;

/**
 * Is told of every system call on files, and may make it fail: for tests of errors and of crashes. Thread-safe, since many
 * threads call it.
 */
public interface FileHook {
    /** Lets everything pass. */
    FileHook NONE = (operation, file) -> {};

    /** One kind of system call. */
    enum Operation {
        /** A new file or directory. */
        CREATE,
        /** An existing file is opened to be written. */
        OPEN,
        /** Bytes into a file, by a call; stores into a mapping are not announced. */
        WRITE,
        /** A file into memory; making its pages present counts as one too. */
        MAP,
        /** A file, or a range of it, to the disk. */
        FORCE,
        /** A file gets its final name; {@code file} is the one that it had. */
        RENAME,
        /** The names in a directory to the disk; {@code file} is the name of the directory. */
        FORCE_DIRECTORY,
        /** A file goes. */
        DELETE,
        /** A file is locked against other processes. */
        LOCK,
        /** Bytes out of a file. */
        READ,
        /** The names in a directory. */
        LIST,
        /** What is known of a file or directory: kind, length, owner, file system. */
        LOOK
    }

    /**
     * Called before the call is made.
     *
     * @param operation what will be done
     * @param file name of the file in its directory, or of the directory
     * @throws IOException instead of the call
     */
    void before(Operation operation, String file) throws IOException;

    /**
     * Called when the call has succeeded.
     *
     * @param operation what was done
     * @param file as it was given to {@link #before}
     * @param offset for {@code WRITE}, {@code READ} and {@code FORCE} the first byte that it was about, else 0
     * @param length for these how many bytes, else 0
     */
    default void after(Operation operation, String file, long offset, long length) {}
}
