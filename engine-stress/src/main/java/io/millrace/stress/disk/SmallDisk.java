package io.millrace.stress.disk;

import io.millrace.stress.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system in memory, of a size that is soon full. Confined to one thread. */
final class SmallDisk implements AutoCloseable {
    private static final long LONGEST_MS = 10_000;

    private final Path root;

    private SmallDisk(Path root) {
        this.root = root;
    }

    /** Mounts one; who calls this has mounts of his own. */
    static SmallDisk mount(Path root, long bytes) throws IOException, InterruptedException {
        Files.createDirectory(root);
        run(List.of("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + bytes, "tmpfs", root.toString()));
        return new SmallDisk(root);
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        final ChildJvm.Outcome outcome = ChildJvm.run(command, LONGEST_MS);
        if (outcome.exitCode() != 0) {
            throw new IOException(String.join(" ", command) + ": " + outcome.err());
        }
    }

    Path root() {
        return root;
    }

    @Override
    public void close() throws IOException {
        try {
            run(List.of("umount", root.toString()));
            Files.delete(root);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it goes with the process
        }
    }
}
