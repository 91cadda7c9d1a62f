package io.millrace.bench.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A new directory with a name of its own, deleted with all that is in it on close. Used by one thread. */
public final class WorkDirectory implements AutoCloseable {
    private final Path path;

    private WorkDirectory(Path path) {
        this.path = path;
    }

    /**
     * Makes one.
     *
     * @param parent a directory that exists
     * @param purpose what its name begins with
     * @throws UncheckedIOException if it cannot be made
     */
    public static WorkDirectory in(Path parent, String purpose) {
        try {
            return new WorkDirectory(Files.createTempDirectory(parent, purpose + "-"));
        } catch (IOException e) {
            throw new UncheckedIOException("a directory cannot be made: parent=" + parent, e);
        }
    }

    /** Where the system keeps what is temporary. */
    public static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Deletes it; does nothing if it is gone. */
    @Override
    public void close() {
        if (Files.exists(path)) {
            deleteAll(path);
        }
    }

    private static void deleteAll(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a directory cannot be deleted: directory=" + directory, e);
        }
    }
}
