package io.millrace.stress.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What takes the room of a disk and is of no use to anybody. Confined to one thread. */
final class Ballast {
    private static final int PAGE = 4_096;

    private final Path file;

    /** @param disk root of the disk */
    Ballast(Path disk) {
        this.file = disk.resolve("ballast");
    }

    boolean isThere() {
        return Files.exists(file);
    }

    /** Bytes that can still be written to the disk. */
    long freeBytes() {
        try {
            return Files.getFileStore(file.getParent()).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Grows until no more than so many pages are free. */
    void leave(int pages) {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            final byte[] page = new byte[PAGE];
            while (freeBytes() > (long) pages * PAGE) {
                out.write(page);
            }
        } catch (IOException e) {
            // somebody else has taken the last page: it is full all the same
        }
    }

    /** Gives all of it back. */
    void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
