package io.millrace.bench.compare;

import io.millrace.bench.child.ChildMain;
import io.millrace.bench.run.LaneRounds;
import io.millrace.bench.run.Payload;
import java.io.BufferedReader;
import java.io.PrintStream;

/**
 * The JVM of one contestant: opens its lane and then does a round for each line of the parent.
 *
 * <p>Not a command for people; {@link Comparison} starts it.
 */
final class ContestantProcess {
    static final String READY = "ready";
    static final String WARM_UP = "warm up";
    static final String MEASURE = "measure";
    static final String TELL = "tell";

    /** A round that counts, on the memory of the one before. */
    static final String GO_ON = "go on";

    private ContestantProcess() {}

    public static void main(String[] args) {
        ChildMain.run((orders, answers) -> run(Entrant.parse(args), orders, answers));
    }

    private static void run(Entrant entrant, BufferedReader orders, PrintStream answers) throws Exception {
        Payload payload = new Payload(entrant.load().payloadBytes());
        try (OpenLane lane = entrant.contestant().open(entrant, payload)) {
            LaneRounds rounds = new LaneRounds(lane, entrant.load(), payload);
            answers.println(READY);
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                answers.println(
                        switch (order) {
                            case WARM_UP -> Double.toString(rounds.warmUp());
                            case MEASURE -> Double.toString(rounds.measure());
                            case GO_ON -> Double.toString(rounds.measureOn());
                            case TELL -> rounds.measured().toLine();
                            default -> throw new IllegalArgumentException("unknown order: " + order);
                        });
                checkEmpty(lane);
            }
        }
    }

    /** A message that was lost or doubled would mean that the round was another one than those of the others. */
    private static void checkEmpty(OpenLane lane) {
        if (lane.left() != 0) {
            throw new IllegalStateException("messages are left over: left=" + lane.left());
        }
    }
}
