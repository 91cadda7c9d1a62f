package io.millrace.bench.scale;

import io.millrace.bench.report.Figures;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What was promised of a step. */
enum ScaleGoal {
    /** Of a waiting message beyond its payload. */
    OVERHEAD(ScaleStep.WAITING_SEND, 128, "B beyond the payload of a waiting message"),
    /** From opening an engine on. */
    FIRST_MESSAGE(ScaleStep.FIRST_MESSAGE_WARM, 5, "ms for an engine and its first message"),
    /** From starting the JVM on. */
    JVM_START(ScaleStep.FIRST_MESSAGE_JVM_START, 250, "ms from JVM start to the first message");

    private static final double NS_PER_MS = 1e6;

    private final ScaleStep step;
    private final double most;
    private final String what;

    ScaleGoal(ScaleStep step, double most, String what) {
        this.step = step;
        this.most = most;
        this.what = what;
    }

    private static double figure(ScaleFigures figures) {
        return figures.overheadBytes().orElse(figures.cost().nsEach() / NS_PER_MS);
    }

    /** What became of the goals that the figures say something about, in words. */
    static List<String> lines(List<ScaleFigures> figures) {
        return Arrays.stream(values())
                .map(goal -> goal.line(figures))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<String> line(List<ScaleFigures> figures) {
        return figures.stream().filter(one -> one.step() == step).findFirst().map(one -> {
            double is = figure(one);
            return "goal " + (is <= most ? "reached" : "MISSED") + ": " + Figures.decimal(is, 2) + " " + what
                    + ", at most " + Figures.decimal(most, 0);
        });
    }
}
