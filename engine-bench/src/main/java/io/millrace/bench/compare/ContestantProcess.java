package io.millrace.bench.compare;

import io.millrace.bench.child.ChildMain;
import io.millrace.bench.run.Crew;
import io.millrace.bench.run.LaneRounds;
import io.millrace.bench.run.Measured;
import io.millrace.bench.run.Payload;
import io.millrace.bench.run.QueueLoad;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.util.List;
import java.util.StringJoiner;

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

    private ContestantProcess() {}

    public static void main(String[] args) {
        ChildMain.run((orders, answers) -> run(Contestant.valueOf(args[0]), loadOf(args), orders, answers));
    }

    static List<String> arguments(Contestant contestant, QueueLoad load) {
        Crew crew = load.crew();
        return List.of(
                contestant.name(),
                Integer.toString(load.payloadBytes()),
                Integer.toString(crew.producers()),
                Integer.toString(crew.consumers()),
                Integer.toString(crew.batch()),
                Boolean.toString(crew.isCycle()),
                Long.toString(load.messages()),
                Long.toString(load.window()));
    }

    private static QueueLoad loadOf(String[] args) {
        Crew crew = new Crew(
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]),
                Integer.parseInt(args[4]),
                Boolean.parseBoolean(args[5]));
        return new QueueLoad(Integer.parseInt(args[1]), crew, Long.parseLong(args[6]), 0, Long.parseLong(args[7]));
    }

    private static void run(Contestant contestant, QueueLoad load, BufferedReader orders, PrintStream answers)
            throws Exception {
        Payload payload = new Payload(load.payloadBytes());
        try (OpenLane lane = contestant.open(load, payload)) {
            LaneRounds rounds = new LaneRounds(lane, load, payload);
            answers.println(READY);
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                answers.println(
                        switch (order) {
                            case WARM_UP -> Double.toString(rounds.warmUp());
                            case MEASURE -> Double.toString(rounds.measure());
                            case TELL -> toLine(rounds.measured());
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

    private static String toLine(Measured measured) {
        return new StringJoiner(" ")
                .add(Double.toString(measured.messagesPerSecond()))
                .add(Double.toString(measured.p50Us()))
                .add(Double.toString(measured.p99Us()))
                .add(Double.toString(measured.allocatedBytesPerMessage()))
                .add(Long.toString(measured.collections()))
                .add(Long.toString(measured.refusals()))
                .toString();
    }

    static Measured measuredOf(String line) {
        String[] parts = line.split(" ", -1);
        return new Measured(
                Double.parseDouble(parts[0]),
                Double.parseDouble(parts[1]),
                Double.parseDouble(parts[2]),
                Double.parseDouble(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]));
    }
}
