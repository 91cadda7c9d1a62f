package io.millrace.stress.kill;

import io.millrace.stress.mutants.Mutant.Edit;
import io.millrace.stress.mutants.Workshop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The named places at which an engine is killed. Production code knows nothing of them: they are written into a copy. */
public final class KillPoints {
    /**
     * One place. Immutable.
     *
     * @param name what it is called; several places may have one name
     * @param source the production file, from the project's directory
     * @param text what stands there, exactly once
     * @param isAfter whether the place is behind that text, or before it
     * @param often how often it is reached in about a second, roughly
     */
    public record Point(String name, String source, String text, boolean isAfter, int often) {
        Edit edit() {
            final String call = " " + KillPoint.class.getName() + ".reached(\"" + name + "\"); ";
            return new Edit(text, isAfter ? text + call : call + text);
        }
    }

    private KillPoints() {}

    /** All of them. */
    public static List<Point> all() {
        return List.of();
    }

    /** Compiles all sources that have such places into a directory; why that was not possible, or empty. */
    public static Optional<String> plant(Workshop workshop, Path classes) throws IOException {
        final Map<String, List<Edit>> edits = all().stream()
                .collect(Collectors.groupingBy(
                        Point::source, LinkedHashMap::new, Collectors.mapping(Point::edit, Collectors.toList())));
        return edits.isEmpty() ? Optional.empty() : workshop.plant(edits, classes);
    }
}
