package io.millrace.bench.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which sources a report is about. Stateless. */
public final class SourceState {
    private SourceState() {}

    /** The commit of a directory, and whether something was changed since; {@code commit=unknown} without git. */
    public static String of(Path home) throws InterruptedException {
        List<String> commit = git(home, "rev-parse", "--short=12", "HEAD");
        if (commit.size() != 1) {
            return "commit=unknown";
        }
        boolean changed = !git(home, "status", "--porcelain").isEmpty();
        return "commit=" + commit.get(0) + (changed ? " with changes" : "");
    }

    /** What git prints, or nothing if it fails. */
    private static List<String> git(Path home, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", home.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            List<String> lines = process.inputReader().lines().toList();
            return process.waitFor() == 0 ? lines : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
