package io.millrace.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.SegmentLayout;
import io.millrace.core.slot.BlockLayout;
import io.millrace.core.slot.SlotLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be checked by reading the sources: drawn layouts, happens-before labels, words. */
class SourceRulesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> MODULES = List.of("engine-api", "engine-core", "engine-queue", "engine");
    private static final Pattern ROW = Pattern.compile("^ \\* +(\\d+) +(\\d+)  (?:([A-Z][A-Z_]+) |\\(padding\\))");
    private static final Pattern LABEL = Pattern.compile("// hb: ([a-z-]+)(?: \\((\\w+)\\))?");

    @ParameterizedTest
    @ValueSource(classes = {SlotLayout.class, BlockLayout.class, RecordLayout.class, SegmentLayout.class})
    void shouldDrawLayoutsThatEqualTheirConstants(Class<?> layout) throws Exception {
        Map<Integer, Integer> rows = new TreeMap<>();
        for (String line : Files.readAllLines(sourceOf(layout))) {
            Matcher row = ROW.matcher(line);
            if (row.find()) {
                int offset = Integer.parseInt(row.group(1));
                if (row.group(3) != null) {
                    assertThat(constant(layout, row.group(3) + "_OFFSET"))
                            .as(row.group(3))
                            .isEqualTo(offset);
                }
                rows.put(offset, Integer.parseInt(row.group(2)));
            }
        }

        assertThat(rows).hasSizeGreaterThan(5);
        int end = -1;
        for (Map.Entry<Integer, Integer> row : rows.entrySet()) {
            assertThat(row.getKey()).as("no overlap at " + row.getKey()).isGreaterThanOrEqualTo(end);
            assertThat(row.getKey() % Math.min(8, row.getValue()))
                    .as("alignment of " + row.getKey())
                    .isZero();
            end = row.getKey() + row.getValue();
        }
        assertThat(constant(layout, layout == BlockLayout.class ? "HEADER" : "SIZE"))
                .isEqualTo(end);
    }

    private static int constant(Class<?> layout, String name) throws ReflectiveOperationException {
        return layout.getField(name).getInt(null);
    }

    private static Path sourceOf(Class<?> type) {
        return ROOT.resolve("engine-core/src/main/java/" + type.getName().replace('.', '/') + ".java");
    }

    @Test
    void shouldGiveEveryHappensBeforeLabelTwoSides() {
        Map<String, List<String>> sides = new TreeMap<>();
        for (Path source : mainSources()) {
            for (String line : lines(source)) {
                Matcher label = LABEL.matcher(line);
                while (label.find()) {
                    sides.computeIfAbsent(label.group(1), name -> new ArrayList<>())
                            .add(String.valueOf(label.group(2)));
                }
            }
        }

        assertThat(sides).isNotEmpty();
        sides.forEach((name, modes) -> {
            boolean both = modes.contains("volatile") && modes.size() > 1;
            assertThat(both || (modes.contains("release") && modes.contains("acquire")))
                    .as("label " + name + " has " + modes)
                    .isTrue();
        });
    }

    @Test
    void shouldExplainEveryLabelInConcurrency() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/CONCURRENCY.md"));
        for (Path source : mainSources()) {
            for (String line : lines(source)) {
                Matcher label = LABEL.matcher(line);
                while (label.find()) {
                    assertThat(page).contains("| " + label.group(1) + " |");
                }
            }
        }
    }

    @Test
    void shouldGiveEveryPackageAPageOfItsOwn() {
        for (Path source : mainSources()) {
            if (!source.endsWith("module-info.java")) {
                assertThat(source.resolveSibling("package-info.java")).exists();
            }
        }
    }

    @Test
    void shouldLeaveNothingToDoInTheSources() {
        for (Path source : mainSources()) {
            assertThat(String.join("\n", lines(source)))
                    .as(source.toString())
                    .doesNotContain("TODO", "FIXME", "XXX", "nack", " Impl ");
        }
    }

    private static List<Path> mainSources() {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertThat(sources).hasSizeGreaterThan(50);
        return sources;
    }

    private static List<String> lines(Path source) {
        try {
            return Files.readAllLines(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
