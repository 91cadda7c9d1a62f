package io.millrace.bench.demo;

import java.util.Timer;
import java.util.TimerTask;

/** Shows the counters every so often, on a thread of its own, and once more at the end. */
final class ProgressTicker implements AutoCloseable {
    private static final long EVERY_MS = 50;

    private final Timer timer = new Timer("demo-progress", true);
    private final DemoCounters counters;
    private final ProgressView view;

    ProgressTicker(DemoCounters counters, ProgressView view) {
        this.counters = counters;
        this.view = view;
    }

    void start() {
        TimerTask tick = new TimerTask() {
            @Override
            public void run() {
                show();
            }
        };
        timer.schedule(tick, EVERY_MS, EVERY_MS);
    }

    private synchronized void show() {
        view.show(counters.acceptedBytes(), counters.redeliveries(), counters.deadLetters());
    }

    @Override
    public void close() {
        timer.cancel();
        show();
    }
}
