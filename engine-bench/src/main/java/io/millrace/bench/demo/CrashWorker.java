package io.millrace.bench.demo;

import io.millrace.Engine;
import io.millrace.api.Durability;
import io.millrace.api.queue.Delivery;
import io.millrace.bench.child.ChildMain;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The JVM of a {@link CrashDemo} that sends, receives, and is killed. It keeps nothing: it sends what it is told to, and tells
 * of what it accepts before it acknowledges that. Orders are read by the main thread, answers come from all.
 *
 * <pre>
 *  order         answer
 *  ------------  ---------------------------------------------------------------------------------------------
 *                opening, open
 *  send PIECE    sent
 *                got LATENCY_NS|-1 PIECE, then acked KEY true|false
 *                counts DELIVERIES REDELIVERIES LATE DEAD_LETTERS REDRIVEN, since this JVM was started
 *  settle        settled, when both queues are empty or nothing has happened for too long
 *  end           problem TEXT, any number of times; then the JVM ends
 * </pre>
 *
 * <p>A line that is whole ends with {@link #END}; the last one of a JVM that was killed may not be whole.
 */
final class CrashWorker {
    static final String END = " .";

    private final Storage storage;
    private final DemoConfig config;
    private final FailurePlan plan;
    private final DemoCounters counters = new DemoCounters();
    private final Problems problems = new Problems();
    private final PrintStream answers;

    private CrashWorker(String[] args, PrintStream answers) {
        this.answers = answers;
        storage = new Storage(Durability.valueOf(args[0]), Path.of(args[1]));
        config = new DemoConfig(
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]),
                Long.parseLong(args[4]),
                Duration.parse(args[5]),
                Duration.parse(args[6]));
        plan = new FailurePlan(config.seed(), DemoRun.MAX_RECEIVES);
    }

    /** What {@link #main} is to be given. */
    static List<String> arguments(Storage storage, DemoConfig config) {
        return List.copyOf(new ArrayList<>(List.of(
                storage.durability().name(),
                storage.directory().toAbsolutePath().toString(),
                Integer.toString(config.maxFileBytes()),
                Integer.toString(config.consumers()),
                Long.toString(config.seed()),
                config.visibilityTimeout().toString(),
                config.patience().toString())));
    }

    public static void main(String[] args) {
        ChildMain.run((orders, answers) -> new CrashWorker(args, answers).work(orders));
    }

    private void say(String text) {
        answers.println(text + END);
    }

    private void work(BufferedReader orders) throws Exception {
        say("opening");
        try (Engine engine = storage.open()) {
            say("open");
            DemoQueues queues = DemoQueues.of(engine, config);
            LineHandler handler =
                    new LineHandler(plan, counters, problems, (piece, delivery) -> accept(queues, piece, delivery));
            try (ConsumerGroup consumers = new ConsumerGroup(queues.lines(), handler)) {
                consumers.start(config.consumers());
                obey(orders, queues);
            }
        }
        problems.toList().forEach(problem -> say("problem " + problem));
    }

    private void obey(BufferedReader orders, DemoQueues queues) throws Exception {
        Settlement settlement = new Settlement(queues.lines(), queues.deadLetters(), counters, config.patience());
        for (String order = orders.readLine(); order != null && !order.equals("end"); order = orders.readLine()) {
            if (order.equals("settle")) {
                settlement.await(0);
                sayCounts(queues);
                say("settled");
            } else {
                Piece piece = Piece.ofWords(order.split(" ", -1), 1);
                queues.lines().send(piece.toMessage(System.nanoTime()));
                say("sent");
            }
        }
    }

    /** Told before it is acknowledged: if this JVM ends in between, it comes again, and whoever listens knows it. */
    private void accept(DemoQueues queues, Piece piece, Delivery delivery) {
        boolean isFirst = delivery.receiveCount() == 1 && !plan.hasBeenTried(piece);
        sayCounts(queues);
        say("got " + (isFirst ? System.nanoTime() - Piece.sentNs(delivery) : -1) + " " + piece.toText());
        boolean isAcked = delivery.ack();
        if (!isAcked) {
            counters.late();
        }
        say("acked " + piece.key() + " " + isAcked);
    }

    private void sayCounts(DemoQueues queues) {
        say("counts " + counters.deliveries() + " " + counters.redeliveries() + " " + counters.lateDeliveries() + " "
                + queues.lines().admin().stats().deadLettered() + " " + counters.redriven());
    }
}
