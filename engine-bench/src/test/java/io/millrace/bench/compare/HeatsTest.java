package io.millrace.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Durability;
import io.millrace.bench.run.Crew;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeatsTest {
    private static final long MESSAGES = 100_000;
    private static final long FORCED = 500;
    private static final long WINDOW = 1_024;

    private static Heats heats(Optional<Crew> crew, Predicate<Contestant> wanted) {
        return new Heats(256, MESSAGES, FORCED, WINDOW, crew, Path.of("data"), wanted);
    }

    private static List<Entrant> entrants(Durability level) {
        return heats(Optional.empty(), any -> true).at(level).stream()
                .flatMap(heat -> heat.entrants().stream())
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void shouldLetThoseTakePartWhoseMessagesSurviveThat(Durability level) {
        assertThat(entrants(level))
                .isNotEmpty()
                .allSatisfy(entrant -> {
                    assertThat(entrant.contestant().takesPartAt(level)).isTrue();
                    assertThat(entrant.persistence().level()).isEqualTo(level);
                })
                .anySatisfy(
                        entrant -> assertThat(entrant.contestant().isMillrace()).isTrue())
                .anySatisfy(
                        entrant -> assertThat(entrant.contestant().isMillrace()).isFalse());
    }

    @Test
    void shouldDoRoundsOnFreshPagesInOneBurst() {
        assertThat(entrants(Durability.PROCESS_CRASH))
                .allSatisfy(entrant -> assertThat(entrant.load().window())
                        .isEqualTo(entrant.contestant().isFresh() ? MESSAGES : WINDOW));
    }

    @Test
    void shouldGiveThoseWhoShareAForceMoreToDo() {
        assertThat(entrants(Durability.POWER_LOSS)).allSatisfy(entrant -> {
            boolean isAlone = entrant.contestant() == Contestant.WRITE_AND_FORCE
                    || entrant.name().equals("millrace-raw-1P0C");
            assertThat(entrant.load().messages()).isEqualTo(isAlone ? FORCED : 10 * FORCED);
        });
    }

    @Test
    void shouldGiveNamesThatDiffer() {
        for (Durability level : Durability.values()) {
            for (Heat heat : heats(Optional.empty(), any -> true).at(level)) {
                assertThat(heat.entrants()).extracting(Entrant::name).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void shouldLeaveOutAHeatOfNobody() {
        assertThat(heats(Optional.empty(), one -> one == Contestant.DISRUPTOR).at(Durability.POWER_LOSS))
                .isEmpty();
        assertThat(heats(Optional.of(Crew.of(1, 2, 8)), one -> one == Contestant.DISRUPTOR)
                        .at(Durability.MEMORY))
                .isEmpty();
    }

    @Test
    void shouldTakeTheMedianAndTheExtremesOfTheRatiosOfTheRounds() {
        Ratio ratio = Ratio.of(List.of(10.0, 30.0, 20.0), List.of(5.0, 10.0, 20.0));

        assertThat(ratio).isEqualTo(new Ratio(2, 1, 3));
    }
}
