package io.millrace.bench.demo;

import io.millrace.Engine;
import io.millrace.api.Durability;
import java.util.Optional;

/**
 * The demo with a worker that is killed again and again: it sends and receives in a JVM of its own, and whenever that is gone
 * another one opens the directory and goes on. Immutable.
 *
 * <p>This side reads the files, and keeps what came back; it knows a piece that comes again because its sending or its
 * acknowledgement was cut off. At the end every file must be the same to the last byte, both queues must be empty, and nothing
 * may have come more often than that explains.
 */
public final class CrashDemo {
    private final DemoConfig config;
    private final InputFiles input;
    private final Storage storage;

    /** @param storage not in memory */
    public CrashDemo(DemoConfig config, InputFiles input, Storage storage) {
        if (storage.durability() == Durability.MEMORY) {
            throw new IllegalArgumentException("nothing survives in memory: durability=" + storage.durability());
        }
        this.config = config;
        this.input = input;
        this.storage = storage;
    }

    /**
     * Runs the demo; no worker is left when this method returns or throws.
     *
     * @throws InterruptedException if the calling thread is interrupted
     * @throws io.millrace.api.EngineException if the engine could not do what was asked
     */
    public DemoReport run(ProgressView view) throws InterruptedException {
        try (Engine engine = storage.open()) {
            DemoQueues.empty(engine, config);
        }
        DemoCounters counters = new DemoCounters();
        Problems problems = new Problems();
        RebuiltFiles rebuilt = new RebuiltFiles(config.maxFileBytes());
        CrashBooks books = new CrashBooks(counters, problems, rebuilt);
        long startedNs = System.nanoTime();
        try (CrashWorkers workers = new CrashWorkers(storage, config, books, counters, problems, input.totalBytes());
                ProgressTicker ticker = new ProgressTicker(counters, view)) {
            FailurePlan plan = new FailurePlan(config.seed(), DemoRun.MAX_RECEIVES);
            FileSender sender = new FileSender(workers, plan, config.maxFileBytes());
            ticker.start();
            sender.sendAll(input.files());
            long sendingNs = System.nanoTime() - startedNs;
            workers.settle();
            long totalNs = System.nanoTime() - startedNs;
            problems.addAll(Comparison.problems(sender.sent(), rebuilt));
            checkBooks(sender, counters, problems);
            DemoReport.Crashes crashes = new DemoReport.Crashes(
                    workers.kills(), workers.killsWhileOpening(), books.sentAgain(), books.cutOff());
            return DemoReport.of(sender, input, counters, sendingNs, totalNs, Optional.of(crashes), problems);
        }
    }

    /** Both queues are empty in the directory, and each failure that was planned has happened. */
    private void checkBooks(FileSender sender, DemoCounters counters, Problems problems) {
        try (Engine engine = storage.open()) {
            DemoQueues queues = DemoQueues.of(engine, config);
            problems.expect("messages left in " + queues.lines().name(), 0, Settlement.living(queues.lines()));
            problems.expect(
                    "messages left in " + queues.deadLetters().name(), 0, Settlement.living(queues.deadLetters()));
        }
        problems.expect("messages accepted", sender.messages(), counters.accepted());
        if (counters.deadLetters() < sender.deadLettersPlanned()) {
            problems.add("too few dead letters: planned=" + sender.deadLettersPlanned() + " actual="
                    + counters.deadLetters());
        }
    }
}
