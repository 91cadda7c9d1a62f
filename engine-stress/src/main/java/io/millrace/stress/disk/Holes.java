package io.millrace.stress.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Does to the files of a directory what backups may: pages of zeros come back as holes, which take no room. Stateless. */
final class Holes {
    private static final int PAGE = 4_096;
    private static final byte[] ZEROS = new byte[PAGE];

    private Holes() {}

    /** Replaces every segment by one with holes. Nobody has the directory open. */
    static void make(Path directory) throws IOException {
        final List<Path> segments;
        try (Stream<Path> files = Files.list(directory)) {
            segments = files.filter(file -> file.getFileName().toString().startsWith("segment-"))
                    .toList();
        }
        for (Path segment : segments) {
            final byte[] content = Files.readAllBytes(segment);
            Files.delete(segment); // first, or there might be no room for the other
            final Path copy = directory.resolveSibling("restored");
            write(copy, content);
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
            Files.move(copy, segment, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void write(Path path, byte[] content) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(content.length);
            for (int at = 0; at < content.length; at += PAGE) {
                final int end = Math.min(at + PAGE, content.length);
                if (!Arrays.equals(content, at, end, ZEROS, 0, end - at)) {
                    file.seek(at);
                    file.write(content, at, end - at);
                }
            }
        }
    }
}
