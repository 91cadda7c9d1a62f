package io.millrace.bench.demo;

import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueStats;
import java.util.Optional;

/** One run of the demo on the queues of one engine. Confined to one thread; used once. */
final class DemoRun {
    /** Receives after which a line that still fails goes to the dead-letter queue. */
    static final int MAX_RECEIVES = 3;

    private final DemoConfig config;
    private final MessageQueue lines;
    private final MessageQueue deadLetters;
    private final DemoCounters counters = new DemoCounters();
    private final Problems problems = new Problems();
    private final RebuiltFiles rebuilt;
    private final FailurePlan plan;
    private final FileSender sender;
    private long sendingNs;
    private long totalNs;

    DemoRun(DemoConfig config, MessageQueue lines, MessageQueue deadLetters, Outbox outbox) {
        this.config = config;
        this.lines = lines;
        this.deadLetters = deadLetters;
        rebuilt = new RebuiltFiles(config.maxFileBytes());
        plan = new FailurePlan(config.seed(), MAX_RECEIVES);
        sender = new FileSender(outbox, plan, config.maxFileBytes());
    }

    /** Sends and consumes until everything is back, or no more is to be expected. */
    void exchange(InputFiles input, ProgressView view) throws InterruptedException {
        LineHandler handler = LineHandler.into(rebuilt, plan, counters, problems);
        Settlement settlement = new Settlement(lines, deadLetters, counters, config.patience());
        long startedNs = System.nanoTime();
        try (ConsumerGroup consumers = new ConsumerGroup(lines, handler);
                ProgressTicker ticker = new ProgressTicker(counters, view)) {
            consumers.start(config.consumers());
            ticker.start();
            sender.sendAll(input.files());
            sendingNs = System.nanoTime() - startedNs;
            settlement.await(sender.messages());
        }
        totalNs = System.nanoTime() - startedNs;
    }

    /** Compares what was sent with what came back, and checks the books. */
    DemoReport report(InputFiles input) {
        problems.addAll(Comparison.problems(sender.sent(), rebuilt));
        checkBooks();
        return DemoReport.of(sender, input, counters, sendingNs, totalNs, Optional.empty(), problems);
    }

    /** A demo in which nothing failed, or of which something is left, has not shown what it says. */
    private void checkBooks() {
        QueueStats stats = lines.admin().stats();
        problems.expect("messages sent", sender.messages(), stats.sent());
        problems.expect("messages accepted", sender.messages(), counters.accepted());
        problems.expect("messages left in " + lines.name(), 0, Settlement.living(lines));
        problems.expect("messages left in " + deadLetters.name(), 0, Settlement.living(deadLetters));
        problems.expect("redriven messages", stats.deadLettered(), counters.redriven());
        if (stats.deadLettered() < sender.deadLettersPlanned()) {
            problems.add(
                    "too few dead letters: planned=" + sender.deadLettersPlanned() + " actual=" + stats.deadLettered());
        }
    }
}
