package io.millrace.bench.demo;

import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueStats;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.queue.RedriveStatus;
import io.millrace.api.queue.RedriveTask;
import java.time.Duration;

/**
 * The end of a demo: waits until both queues are empty, and sends the dead letters back to the consumers whenever there
 * is nothing else left to do. Confined to one thread.
 */
final class Settlement {
    private static final long LOOK_EVERY_MS = 10;

    private final MessageQueue lines;
    private final MessageQueue deadLetters;
    private final DemoCounters counters;
    private final long patienceNs;

    Settlement(MessageQueue lines, MessageQueue deadLetters, DemoCounters counters, Duration patience) {
        this.lines = lines;
        this.deadLetters = deadLetters;
        this.counters = counters;
        this.patienceNs = patience.toNanos();
    }

    /** Waits until {@code messages} were accepted and nothing is left, or nothing has happened for too long. */
    void await(long messages) throws InterruptedException {
        long before = progress();
        long quietSinceNs = System.nanoTime();
        while (!isDone(messages) && System.nanoTime() - quietSinceNs < patienceNs) {
            if (living(lines) == 0 && living(deadLetters) > 0) {
                redrive();
            }
            Thread.sleep(LOOK_EVERY_MS);
            long now = progress();
            if (now != before) {
                before = now;
                quietSinceNs = System.nanoTime();
            }
        }
    }

    private long progress() {
        counters.deadLettered(lines.admin().stats().deadLettered());
        return counters.deliveries() + counters.redriven();
    }

    private boolean isDone(long messages) {
        return counters.accepted() >= messages && living(lines) == 0 && living(deadLetters) == 0;
    }

    /** Messages that are in a queue, in whatever state. */
    static long living(MessageQueue queue) {
        QueueStats stats = queue.admin().stats();
        return stats.visible() + stats.inFlight() + stats.delayed();
    }

    private void redrive() throws InterruptedException {
        RedriveTask task = deadLetters.admin().redriveTasks().stream()
                .filter(each -> !each.status().isFinished()) // begun before a crash
                .findFirst()
                .orElseGet(() -> deadLetters.admin().redrive(RedriveRequest.toSources()));
        long startedNs = System.nanoTime();
        while (!task.status().isFinished() && System.nanoTime() - startedNs < patienceNs) {
            Thread.sleep(LOOK_EVERY_MS);
        }
        counters.redriven(task.moved());
        if (task.status() == RedriveStatus.FAILED) {
            throw new IllegalStateException("redrive failed: task=" + task.id() + " cause="
                    + task.failure().orElse("unknown"));
        }
    }
}
