package io.millrace.stress.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every schedule of the three-sided races: the production order of steps holds, and each planted bug is found. */
class ExplorerTest {
    static Stream<Named<Scenario>> sound() {
        return SlotScenarios.sound().stream().map(scenario -> Named.of(scenario.name(), scenario));
    }

    static Stream<Named<Scenario>> weakened() {
        return SlotScenarios.weakened().stream().map(scenario -> Named.of(scenario.name(), scenario));
    }

    @ParameterizedTest
    @MethodSource("sound")
    void shouldHoldInEverySchedule(Scenario scenario) {
        final Explorer.Result result = Explorer.explore(scenario);

        assertThat(result.failure()).isEmpty();
        assertThat(result.schedules()).isGreaterThan(50);
    }

    @ParameterizedTest
    @MethodSource("weakened")
    void shouldFindThePlantedBug(Scenario scenario) {
        assertThat(Explorer.explore(scenario).failure()).isPresent();
    }

    @Test
    void shouldFindTheWrapOfAGenerationCutToTwoBits() {
        assertThat(Explorer.explore(SlotScenarios.wrap()).failure())
                .hasValueSatisfying(text -> assertThat(text).contains("reused slot"));
    }

    @Test
    void shouldFindTheWrapThatLetsADeadlineTouchAReusedSlot() {
        assertThat(Explorer.explore(SlotScenarios.wrapOfDue()).failure())
                .hasValueSatisfying(text -> assertThat(text).contains("sequence of an old chunk"));
    }

    @Test
    void shouldReportPartiesThatWaitForEachOther() {
        final Scenario scenario = new Scenario("two that wait", 2)
                .party("first", at -> at.readWhen(0, word -> word == 1))
                .party("second", at -> at.readWhen(1, word -> word == 1));

        assertThat(Explorer.explore(scenario).failure()).isPresent();
    }

    @Test
    void shouldCountEverySchedule() {
        final Scenario scenario = new Scenario("two parties of two steps", 1)
                .party("first", at -> {
                    at.add(0, 1);
                    at.add(0, 1);
                })
                .party("second", at -> {
                    at.add(0, 1);
                    at.add(0, 1);
                })
                .finallyHolds("all were added", words -> words[0] == 4);

        assertThat(Explorer.explore(scenario).schedules()).isEqualTo(6);
    }
}
