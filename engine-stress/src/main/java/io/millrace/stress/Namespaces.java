package io.millrace.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Command lines whose process sees mounts or processes of its own, where this process may start such. Stateless. */
final class Namespaces {
    private static final long LONGEST_MS = 10_000;

    /** As whoever this is, and as somebody who is root in there only. */
    private static final List<List<String>> WAYS = List.of(List.of("unshare"), List.of("unshare", "--map-root-user"));

    private Namespaces() {}

    /** What to put before a command that mounts file systems nobody else sees, and that are gone with its last process. */
    static Optional<List<String>> withMounts() throws IOException, InterruptedException {
        final Path probe = Files.createTempDirectory("millrace-probe-");
        try {
            return firstThatRuns(List.of("--mount"), List.of("mount", "-t", "tmpfs", "tmpfs", probe.toString()));
        } finally {
            Files.delete(probe);
        }
    }

    /** What to put before a command that is process 1 of a namespace, as in a container. */
    static Optional<List<String>> asProcessOne() throws IOException, InterruptedException {
        return firstThatRuns(List.of("--pid", "--fork", "--mount-proc"), List.of("true"));
    }

    private static Optional<List<String>> firstThatRuns(List<String> options, List<String> probe)
            throws IOException, InterruptedException {
        for (List<String> way : WAYS) {
            final List<String> prefix = joined(way, options);
            if (runs(joined(prefix, probe))) {
                return Optional.of(prefix);
            }
        }
        return Optional.empty();
    }

    private static boolean runs(List<String> command) throws InterruptedException {
        try {
            return ChildJvm.run(command, LONGEST_MS).exitCode() == 0;
        } catch (IOException e) {
            return false; // no such command
        }
    }

    static List<String> joined(List<String> first, List<String> second) {
        final List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
