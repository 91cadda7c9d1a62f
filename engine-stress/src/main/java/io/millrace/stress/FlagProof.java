package io.millrace.stress;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small program on the engine runs without any JVM flag, and the JVM says nothing about it. Stateless. */
final class FlagProof {
    private static final String NAME = "flags";
    private static final long LONGEST_MS = 60_000;

    private FlagProof() {}

    static List<Summary> run() throws IOException, InterruptedException {
        final List<Summary> summaries = new ArrayList<>();
        for (Path home : Jdks.homes()) {
            final String name = NAME + " on JDK " + Jdks.feature(home);
            final ChildJvm.Outcome outcome = ChildJvm.run(
                    List.of(
                            home.resolve("bin/java").toString(),
                            "-cp",
                            ChildJvm.classPath(),
                            FlagFreeMain.class.getName()),
                    LONGEST_MS);
            final boolean quiet = outcome.err().isEmpty();
            final boolean worked = outcome.exitCode() == 0 && outcome.out().equals(FlagFreeMain.OK + "\n");
            summaries.add(
                    quiet && worked
                            ? Summary.ok(name, "no flag, no warning")
                            : Summary.failed(
                                    name, "exit code " + outcome.exitCode() + ": " + outcome.out() + outcome.err()));
        }
        if (summaries.size() == 1) {
            summaries.add(Summary.notRun(NAME, "no second JDK; MILLRACE_JDKS may list some"));
        }
        return summaries;
    }
}
