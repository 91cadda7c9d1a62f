package io.millrace.stress.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.stress.mutants.Mutant.Edit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jcstress.infra.runners.TestList;

/** Planted bugs still fit the sources that they change, and every detector passes on what production is. */
class MutantsTest {
    private static final long SMOKE_MS = 200;

    private final Workshop workshop = Workshop.open().orElseThrow();

    static Stream<Arguments> edits() {
        return Mutants.all().stream()
                .flatMap(mutant -> mutant.edits().stream().map(edit -> Arguments.of(mutant, edit)));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void shouldFindTheTextToChangeExactlyOnce(Mutant mutant, Edit edit) {
        assertThat(workshop.occurrences(mutant.source(), edit))
                .as(mutant.source())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Detector.class)
    void shouldPassWithoutPlantedBug(Detector detector) throws InterruptedException {
        detector.run(SMOKE_MS);
    }

    @Test
    void shouldUseEveryDetector() {
        final Stream<Catcher> used = Mutants.all().stream()
                .map(Mutant::catcher)
                .filter(Detector.class::isInstance)
                .distinct();

        assertThat(used).containsExactlyInAnyOrder(Detector.values());
    }

    @Test
    void shouldNameStressTestsThatExist() {
        final List<String> named = Mutants.all().stream()
                .map(Mutant::catcher)
                .filter(StressTest.class::isInstance)
                .map(Catcher::toString)
                .toList();

        assertThat(named)
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(TestList.tests()).anyMatch(test -> test.endsWith("." + name)));
    }

    @Test
    void shouldNameEveryMutantOnce() {
        assertThat(Mutants.all().stream().map(Mutant::name)).doesNotHaveDuplicates();
    }

    @Test
    void shouldSayWhenTheTextIsNotThere(@TempDir Path directory) throws IOException {
        final Mutant model = Mutants.all().get(0);
        final Mutant stale =
                new Mutant("stale", model.source(), List.of(new Edit("text that is nowhere", "")), model.catcher());

        assertThat(workshop.plant(stale, directory))
                .hasValueSatisfying(text -> assertThat(text).contains("exactly once"));
    }
}
