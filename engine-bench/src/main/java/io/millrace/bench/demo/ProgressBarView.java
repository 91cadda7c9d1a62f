package io.millrace.bench.demo;

import io.millrace.bench.report.SameLine;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that moves in one line of a terminal. */
public final class ProgressBarView implements ProgressView {
    private static final int REDRAW_EVERY_MS = 100;
    private static final int BYTES_PER_UNIT = 1024;

    private final ProgressBar bar;

    /**
     * Draws the empty bar.
     *
     * @param totalBytes bytes at which the bar is full
     */
    public ProgressBarView(PrintWriter out, long totalBytes) {
        bar = new ProgressBarBuilder()
                .setTaskName("demo")
                .setInitialMax(totalBytes)
                .setUnit(" KiB", BYTES_PER_UNIT)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_EVERY_MS)
                .hideEta()
                .setConsumer(new SameLine(out))
                .build();
    }

    @Override
    public void show(long acceptedBytes, long redeliveries, long deadLetters) {
        bar.setExtraMessage(" " + redeliveries + " again, " + deadLetters + " dead");
        bar.stepTo(acceptedBytes);
    }

    @Override
    public void close() {
        bar.close();
    }
}
