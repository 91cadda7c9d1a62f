package io.millrace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.api.Durability;
import io.millrace.testkit.LeakCheck;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine against the oracle: random histories of both tiers, over several queues that feed each other, in which every answer
 * must be the same: which messages in which order, counts, stamps, refusals, figures.
 *
 * <p>{@code -Dseed=N} runs the history that a failure names, {@code -Dproof.scale=N} runs N times as many histories.
 */
@ExtendWith(LeakCheck.class)
class QueueModelTest {
    private static final int HISTORIES = 2_500;
    private static final int RESTARTED_HISTORIES = 20;
    private static final int LENGTH = 120;
    private static final int SHOWN = 25;

    /** Figures and contents of all queues are compared after so many commands. */
    private static final int COMPARE_EVERY = 4;

    @Test
    void shouldAnswerAsTheModelInRandomHistories() {
        Long named = Long.getLong("seed");
        if (named != null) {
            run(named, command -> command);
            return;
        }
        long first = Long.getLong("proof.seed", 1L); // the same histories in every build; others by -Dproof.seed
        long count = HISTORIES * Long.getLong("proof.scale", 1L);
        for (long seed = first; seed < first + count; seed++) {
            run(seed, command -> command);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"PROCESS_CRASH", "POWER_LOSS"})
    void shouldAnswerAsTheModelOverRestarts(Durability durability, @TempDir Path directory) {
        Long named = Long.getLong("seed");
        long first = named == null ? Long.getLong("proof.seed", 1L) : named;
        long count = named == null ? RESTARTED_HISTORIES * Long.getLong("proof.scale", 1L) : 1;
        for (long seed = first; seed < first + count; seed++) {
            Path below = directory.resolve("seed-" + seed);
            run(seed, command -> command, new EngineSide(DirectoryCopy.create(below), durability), true);
            DirectoryCopy.delete(below);
        }
    }

    @Test
    void shouldNoticeAnEngineThatHidesMessagesTooLong() {
        UnaryOperator<Command> distortion = command -> command instanceof Command.Hide hide
                ? new Command.Hide(hide.message(), hide.howLong().plusMillis(1), hide.givingBack(), hide.via())
                : command;

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> {
                    for (int seed = 0; seed < 50; seed++) {
                        run(seed, distortion);
                    }
                })
                .withMessageContaining("to repeat: -Dseed=");
    }

    /** One history from its seed to the end of its engine, which is given distorted commands. */
    private static void run(long seed, UnaryOperator<Command> distortion) {
        run(seed, distortion, new EngineSide(), false);
    }

    private static void run(long seed, UnaryOperator<Command> distortion, EngineSide engine, boolean restarts) {
        Deque<Command> latest = new ArrayDeque<>();
        try (engine) {
            Comparison comparison = new Comparison(engine, distortion);
            HistoryGenerator generator = new HistoryGenerator(seed, LENGTH, comparison.model, restarts);
            for (int step = 0; generator.hasNext(); step++) {
                Command command = generator.next();
                latest.add(command);
                if (latest.size() > SHOWN) {
                    latest.remove();
                }
                generator.answered(command, comparison.answers(command));
                if (step % COMPARE_EVERY == 0 && !generator.isWithinShape()) {
                    comparison.compareStates();
                }
            }
            comparison.compareStates();
        } catch (AssertionError | RuntimeException e) {
            String history = latest.stream().map(Command::toString).collect(Collectors.joining("\n  ", "\n  ", "\n"));
            throw new AssertionError(
                    "engine and model differ; to repeat: -Dseed=" + seed + history + e.getMessage(), e);
        }
        assertThat(engine.offHeapBytes())
                .as("off-heap bytes after the end, seed=" + seed)
                .isZero();
    }

    /** Both sides, and which name of a message on one side stands for which on the other. */
    private static final class Comparison {
        private static final int PEEKED = 5;

        final QueueModel model;
        private final EngineSide engine;
        private final UnaryOperator<Command> distortion;
        private final Map<String, String> engineIds = new HashMap<>();
        private final Map<String, String> modelIds = new HashMap<>();

        Comparison(EngineSide engine, UnaryOperator<Command> distortion) {
            this.engine = engine;
            this.distortion = distortion;
            this.model = new QueueModel(engine.nowMs());
        }

        /** What both sides answer; the model's form of it. */
        Answer answers(Command command) {
            Answer actual = engine.apply(distortion.apply(command));
            Answer expected = model.apply(command, engine.nowMs());
            requireSame(expected.body(), actual.body(), command);
            requireSame(expected.ids().size(), actual.ids().size(), command);
            for (int i = 0; i < expected.ids().size(); i++) {
                String modelId = expected.ids().get(i);
                String engineId = actual.ids().get(i);
                requireSame(engineIds.computeIfAbsent(modelId, unused -> engineId), engineId, modelId);
                requireSame(modelIds.computeIfAbsent(engineId, unused -> modelId), modelId, engineId);
            }
            engine.name(expected.refs());
            return expected;
        }

        /** Describes the difference only if there is one, since that costs more than the comparison. */
        private static void requireSame(Object expected, Object actual, Object subject) {
            if (!expected.equals(actual)) {
                assertThat(actual).as(subject.toString()).isEqualTo(expected);
            }
        }

        void compareStates() {
            for (String queue : model.names()) {
                answers(new Command.Stats(queue));
                answers(new Command.Peek(queue, PEEKED));
                answers(new Command.RedriveProgress(queue));
            }
        }
    }
}
