package io.millrace.core.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Maps files into regions, forces them to the disk and gives them back. Stateless, thread-safe.
 *
 * <p>Mapped bytes count against no budget: the kernel may take their memory whenever it likes.
 */
public final class MappedRegions {
    private static final Reclaimer RECLAIMER = Reclaimer.best();

    private MappedRegions() {}

    /**
     * The first {@code length} bytes of a file. The region outlives the channel.
     *
     * @param channel open for reading and writing; closed if the thread is interrupted
     * @param length at most the length of the file, which would grow, and sparsely, if it were more
     */
    public static Region map(FileChannel channel, int length) throws IOException {
        final Reclaimer.Memory memory = RECLAIMER.map(channel, length);
        return new Region(memory.bytes(), memory.owner(), 0);
    }

    /**
     * Makes every page of a region present and writable, and changes no byte.
     *
     * @throws IOException if the file has no room behind one of its pages
     */
    public static void touch(Region region) throws IOException {
        try {
            for (int i = 0; i <= region.length() - Long.BYTES; i += Region.PAGE_BYTES) {
                region.getAndAddLong(i, 0);
            }
        } catch (InternalError e) { // what the JVM makes of a fault in a mapped page
            throw new IOException("a page of the mapped file cannot be written", e);
        }
    }

    /** Returns when {@code length} bytes from {@code index} on are on the disk. An interrupt does not end it. */
    public static void force(Region region, int index, int length) throws IOException {
        try {
            ((MappedByteBuffer) region.bytes()).force(index, length);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Ends a mapping. No thread may touch the region during or after this call; at most one call per region. */
    public static void release(Region region) {
        RECLAIMER.release(region.owner());
    }
}
