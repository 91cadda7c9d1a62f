package io.millrace.bench.scale;

import io.millrace.bench.child.ChildMain;
import java.util.List;

/** The JVM of one part: a smaller round to warm up, then those that count. Not a command for people. */
final class ScaleProcess {
    static final String DONE = "done";

    /** Enough to have everything compiled. */
    private static final long WARM_UP_COUNT = 200_000;

    private static final int WARM_UPS = 2;

    private ScaleProcess() {}

    static List<String> arguments(ScaleLoad load, int rounds) {
        return List.of(
                load.part().name(),
                Long.toString(load.count()),
                Integer.toString(load.payloadBytes()),
                Integer.toString(rounds));
    }

    public static void main(String[] args) {
        ScaleLoad load = new ScaleLoad(ScalePart.valueOf(args[0]), Long.parseLong(args[1]), Integer.parseInt(args[2]));
        int rounds = Integer.parseInt(args[3]);
        ChildMain.run((orders, answers) -> {
            for (int i = 0; i < WARM_UPS; i++) {
                new ScaleJob(load, Math.min(load.count(), WARM_UP_COUNT), (step, cost) -> {}).run();
            }
            for (int i = 0; i < rounds; i++) {
                new ScaleJob(load, load.count(), (step, cost) -> answers.println(step.name() + " " + cost.toLine()))
                        .run();
            }
            answers.println(DONE);
        });
    }
}
