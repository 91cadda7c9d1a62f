package io.millrace.stress.mutants;

import java.util.List;

/**
 * One planted bug. Immutable.
 *
 * @param name what it does wrong
 * @param source the production file, from the project's directory
 * @param edits what is replaced there; each old text occurs exactly once
 * @param catcher the test that catches it
 */
public record Mutant(String name, String source, List<Edit> edits, Catcher catcher) {
    /** A piece of text and what it becomes. Lines are joined by a line feed and as many spaces as the source has. */
    public record Edit(String before, String after) {}

    public Mutant {
        edits = List.copyOf(edits);
    }

    @Override
    public String toString() {
        return name;
    }
}
