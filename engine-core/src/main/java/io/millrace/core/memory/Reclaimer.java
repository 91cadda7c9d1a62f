package io.millrace.core.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * One way of getting off-heap memory, of files or of none, that can be given back at a known moment. Thread-safe.
 *
 * <p>An engine that makes no garbage never triggers the collector, so memory that waits for a {@code Cleaner} would
 * wait for ever. There are two ways that need no JVM flag and print no warning; {@link #best()} picks one per JVM.
 */
interface Reclaimer {
    /** Zeroed memory together with what {@link #release} needs. */
    record Memory(ByteBuffer bytes, Object owner) {}

    /** Memory of {@code length} bytes aligned to {@link Region#ALIGNMENT}; throws {@link OutOfMemoryError}. */
    Memory allocate(int length);

    /** The first {@code length} bytes of a file that is at least so long, for reading and writing. */
    Memory map(FileChannel channel, int length) throws IOException;

    /** Gives the memory back at once. No thread may touch it during or after this call. */
    void release(Object owner);

    /** {@code Arena.ofShared()} where it is final (JDK 22), else direct buffers and {@code invokeCleaner}. */
    static Reclaimer best() {
        return Runtime.version().feature() >= 22 ? new ArenaReclaimer() : new CleanerReclaimer();
    }
}
