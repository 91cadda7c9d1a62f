package io.millrace.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.demo.FailurePlan.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailurePlanTest {
    private static final int MAX_RECEIVES = 3;
    private static final int LINES = 20_000;

    private static Piece line(int file, int line) {
        return Piece.ofLine(file, line, new byte[] {1});
    }

    private static List<Action> actions(FailurePlan plan, Piece piece) {
        List<Action> actions = new ArrayList<>();
        do {
            actions.add(plan.next(piece));
        } while (actions.get(actions.size() - 1) != Action.ACCEPT);
        return actions;
    }

    @Test
    void shouldFailInEveryWayWithinTheFirstFile() {
        FailurePlan plan = new FailurePlan(1, MAX_RECEIVES);

        assertThat(actions(plan, Piece.ofName(0, "a", 2))).hasSize(MAX_RECEIVES + 1);
        assertThat(actions(plan, line(0, 0))).startsWith(Action.FAIL);
        assertThat(actions(plan, line(0, 1))).containsExactly(Action.DEAD_LETTER, Action.ACCEPT);
    }

    @Test
    void shouldDependOnSeedAndPieceAlone() {
        FailurePlan one = new FailurePlan(7, MAX_RECEIVES);
        FailurePlan same = new FailurePlan(7, MAX_RECEIVES);
        FailurePlan other = new FailurePlan(8, MAX_RECEIVES);

        List<Action> actions = lines(one);

        assertThat(lines(same)).isEqualTo(actions);
        assertThat(lines(other)).isNotEqualTo(actions);
    }

    private static List<Action> lines(FailurePlan plan) {
        return IntStream.range(0, LINES).mapToObj(i -> plan.next(line(1, i))).toList();
    }

    @Test
    void shouldLetMostPiecesSucceedAtOnceAndSomeFail() {
        List<Action> actions = lines(new FailurePlan(1, MAX_RECEIVES));

        assertThat(actions.stream().filter(action -> action == Action.ACCEPT).count())
                .isBetween(LINES * 90L / 100, LINES * 97L / 100);
        assertThat(actions).contains(Action.FAIL, Action.GIVE_BACK, Action.DEAD_LETTER);
    }

    @Test
    void shouldAnnounceExactlyThePiecesThatEndInTheDeadLetterQueue() {
        FailurePlan plan = new FailurePlan(1, MAX_RECEIVES);
        FailurePlan announcing = new FailurePlan(1, MAX_RECEIVES);

        assertThat(IntStream.range(0, LINES).mapToObj(i -> line(1, i))).allSatisfy(piece -> {
            List<Action> actions = actions(plan, piece);
            boolean dies = actions.get(0) == Action.DEAD_LETTER || actions.size() > MAX_RECEIVES;
            assertThat(announcing.isDeadLettered(piece)).isEqualTo(dies);
        });
    }
}
