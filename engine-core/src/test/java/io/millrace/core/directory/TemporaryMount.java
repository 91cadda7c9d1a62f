package io.millrace.core.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A small file system in memory, where this process may mount one. */
final class TemporaryMount implements AutoCloseable {
    private final Path path;

    private TemporaryMount(Path path) {
        this.path = path;
    }

    /** One of {@code bytes} bytes; if that is not allowed, says so on the console as what was {@code notRun}. */
    static Optional<TemporaryMount> tryMount(Path path, int bytes, String notRun) throws IOException {
        Files.createDirectory(path);
        if (run("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + bytes, "tmpfs", path.toString())) {
            return Optional.of(new TemporaryMount(path));
        }
        System.out.println("NOT RUN: " + notRun + ": no file system may be mounted here");
        return Optional.empty();
    }

    Path path() {
        return path;
    }

    void makeReadOnly() throws IOException {
        if (!run("mount", "-o", "remount,ro", path.toString())) {
            throw new IOException("cannot be made read-only: " + path);
        }
    }

    @Override
    public void close() throws IOException {
        if (!run("umount", path.toString())) {
            throw new IOException("cannot be unmounted: " + path);
        }
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(List.of(command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .onExit()
                            .join()
                            .exitValue()
                    == 0;
        } catch (IOException e) {
            return false; // no such command
        }
    }
}
