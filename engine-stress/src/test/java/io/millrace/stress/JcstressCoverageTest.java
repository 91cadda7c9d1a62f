package io.millrace.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jcstress.infra.runners.TestList;

/** The stress tests: what they must have, and that the sources of the product and they name each other. */
class JcstressCoverageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> MODULES = List.of("engine-api", "engine-core", "engine-queue", "engine");
    private static final Pattern STRESS = Pattern.compile("\\b([A-Z]\\w*Stress)\\b(?:\\.([A-Z]\\w*))?");

    private static Collection<String> tests() {
        return TestList.tests();
    }

    /** {@code XStress} of {@code a.b.XStress.Y}. */
    private static String structure(String test) {
        final String type = test.substring(0, test.lastIndexOf('.'));
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private static String shortName(String test) {
        return structure(test) + test.substring(test.lastIndexOf('.'));
    }

    private static Set<String> structures() {
        return tests().stream().map(JcstressCoverageTest::structure).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Path> javaFiles(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> namedBy(Stream<Path> files) {
        return files.flatMap(file -> STRESS.matcher(read(file)).results())
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> namedByTheProduct() {
        final List<Path> files = new ArrayList<>(List.of(ROOT.resolve("docs/CONCURRENCY.md")));
        MODULES.forEach(module -> files.addAll(javaFiles(ROOT.resolve(module).resolve("src/main/java"))));
        return namedBy(files.stream());
    }

    @Test
    void shouldHaveEveryTestThatTheProductNames() {
        final Set<String> existing =
                tests().stream().map(JcstressCoverageTest::shortName).collect(Collectors.toSet());

        assertThat(namedByTheProduct()).hasSizeGreaterThan(20).allMatch(existing::contains);
    }

    @ParameterizedTest
    @MethodSource("structures")
    void shouldBeNamedWhereTheStructureIs(String structure) {
        assertThat(namedByTheProduct()).anyMatch(name -> name.startsWith(structure + "."));
    }

    @ParameterizedTest
    @MethodSource("structures")
    void shouldHaveANegativeControlForEveryStructure(String structure) {
        assertThat(tests()).anyMatch(test -> shortName(test).startsWith(structure + ".Control"));
    }

    @ParameterizedTest
    @MethodSource("structures")
    void shouldLieInThePackageOfItsStructure(String structure) {
        final String name = structure.substring(0, structure.length() - "Stress".length());

        assertThat(tests())
                .filteredOn(test -> structure(test).equals(structure))
                .allSatisfy(test -> assertThat(Class.forName(
                                test.substring(0, test.indexOf(structure)) + name,
                                false,
                                getClass().getClassLoader()))
                        .isNotNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"H1", "H2", "H3", "H4", "H7", "H9", "H12", "H13", "H14", "H15", "H16"})
    void shouldHaveATestForEveryHazard(String hazard) {
        final Pattern sentence =
                Pattern.compile("/\\*\\* Hazards?( H\\d+,?)*( and)? " + hazard + "\\b[^*]*\\*/\\s+@JCStress");

        assertThat(javaFiles(ROOT.resolve("engine-stress/src/main/java")))
                .anyMatch(file -> sentence.matcher(read(file)).find());
    }

    @Test
    void shouldHaveNoTestThatTwoProcessorsCannotRun() {
        assertThat(tests())
                .hasSizeGreaterThan(45)
                .allMatch(test -> TestList.getInfo(test).threads() <= 2);
    }
}
