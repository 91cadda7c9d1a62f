package io.millrace.stress;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A thousand engines are opened, used and closed, on each JDK, and nothing of them stays. Stateless. */
final class LeakProof {
    private static final String NAME = "leak";
    private static final long LONGEST_MS = 300_000;
    private static final int ENGINES = 1_000;

    private LeakProof() {}

    static List<Summary> run(double scale) throws IOException, InterruptedException {
        final List<Summary> summaries = new ArrayList<>();
        final int engines = (int) Math.max(1, ENGINES * scale);
        for (Path home : Jdks.homes()) {
            final String name = NAME + " on JDK " + Jdks.feature(home);
            final ChildJvm.Outcome outcome = ChildJvm.run(
                    List.of(
                            home.resolve("bin/java").toString(),
                            "-Xms128m",
                            "-Xmx128m",
                            "-XX:+AlwaysPreTouch",
                            "-cp",
                            ChildJvm.classPath(),
                            LeakMain.class.getName(),
                            Integer.toString(engines)),
                    (long) (LONGEST_MS * Math.max(1, scale)));
            outcome.out().lines().forEach(System.out::println);
            summaries.add(
                    outcome.exitCode() == 0
                            ? Summary.ok(name, outcome.lastLine())
                            : Summary.failed(name, outcome.lastLine() + " " + outcome.err()));
        }
        if (summaries.size() == 1) {
            summaries.add(Summary.notRun(NAME, "no second JDK; MILLRACE_JDKS may list some"));
        }
        return summaries;
    }
}
