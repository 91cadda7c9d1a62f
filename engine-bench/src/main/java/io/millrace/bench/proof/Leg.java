package io.millrace.bench.proof;

import java.util.List;
import java.util.Map;

/**
 * A part of the proof that runs in a process of its own. Immutable.
 *
 * @param name what it is called in the summary
 * @param command the command line, or empty if it cannot run
 * @param environment variables that are set for it
 * @param whyNot why it cannot run, or empty
 */
public record Leg(String name, List<String> command, Map<String, String> environment, String whyNot) {
    /** Copies the lists. */
    public Leg {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A leg that runs. */
    public static Leg of(String name, List<String> command, Map<String, String> environment) {
        return new Leg(name, command, environment, "");
    }

    /** A leg that cannot run here. */
    public static Leg notRun(String name, String reason) {
        return new Leg(name, List.of(), Map.of(), reason);
    }

    /** Whether it can run. */
    public boolean canRun() {
        return whyNot.isEmpty();
    }
}
