package io.millrace.bench.alternatives;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;

/** A temporary directory of segment files, deleted on close; mappings live until the JVM unmaps them. */
final class SegmentFiles implements AutoCloseable {

    /** How far a file is prepared before its first record. */
    enum Prepared {
        /** Length set, nothing written. */
        SPARSE,
        /** Zeros written through the file. */
        ZEROED,
        /** Zeros written, one byte touched per page of the mapping. */
        TOUCHED
    }

    private static final byte[] ZEROS = new byte[1 << 16];

    private final Path directory;
    private int next;
    private int deleted;

    SegmentFiles() {
        try {
            directory = Files.createTempDirectory("segments");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new file of the given length in bytes, a multiple of 64 KiB, open for reading and writing. */
    RandomAccessFile create(int length, boolean zeroed) throws IOException {
        RandomAccessFile file =
                new RandomAccessFile(directory.resolve("segment-" + next++).toFile(), "rw");
        file.setLength(length);
        if (zeroed) {
            for (int i = 0; i < length; i += ZEROS.length) {
                file.write(ZEROS);
            }
            file.seek(0);
        }
        return file;
    }

    /** Gives back the disk space of all files so far; mappings and open files stay usable. */
    void delete() throws IOException {
        for (int i = deleted; i < next; i++) {
            Files.deleteIfExists(directory.resolve("segment-" + i));
        }
        deleted = next;
    }

    MappedByteBuffer map(int length, Prepared prepared) {
        try (RandomAccessFile file = create(length, prepared != Prepared.SPARSE)) {
            MappedByteBuffer mapped = file.getChannel().map(MapMode.READ_WRITE, 0, length);
            mapped.order(ByteOrder.nativeOrder());
            if (prepared == Prepared.TOUCHED) {
                for (int i = 0; i < length; i += 4096) {
                    Words.plain(mapped, i, 0);
                }
            }
            return mapped;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        delete();
        Files.delete(directory);
    }
}
