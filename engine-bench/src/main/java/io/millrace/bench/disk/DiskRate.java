package io.millrace.bench.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/** What the disk takes by itself: one file, written from its beginning to its end and forced once. Stateless. */
public final class DiskRate {
    private static final int WRITE_BYTES = 4 << 20;
    private static final double NS_PER_S = 1e9;

    private DiskRate() {}

    /**
     * Writes a new file, forces it, and deletes it.
     *
     * @param directory where
     * @param bytes how much; what remains after a multiple of 4 MiB is left out
     * @return bytes per second, the force included
     * @throws UncheckedIOException if the disk refuses
     */
    public static double sequential(Path directory, long bytes) {
        Path file = directory.resolve("disk-rate");
        ByteBuffer block = ByteBuffer.allocateDirect(WRITE_BYTES);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        while (block.hasRemaining()) {
            block.putLong(random.nextLong());
        }
        try {
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                long startedNs = System.nanoTime();
                long written = 0;
                while (written + WRITE_BYTES <= bytes) {
                    written += channel.write(block.clear());
                }
                channel.force(false);
                return written * NS_PER_S / (System.nanoTime() - startedNs);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the disk cannot be measured: file=" + file, e);
        }
    }
}
