package io.millrace.bench.demo;

import io.millrace.bench.report.Bars;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;

/** A bar that moves in one line of a terminal. */
public final class ProgressBarView implements ProgressView {
    private static final int BYTES_PER_UNIT = 1024;

    private final ProgressBar bar;

    /**
     * Draws the empty bar.
     *
     * @param totalBytes bytes at which the bar is full
     */
    public ProgressBarView(PrintWriter out, long totalBytes) {
        bar = Bars.ofBytes("demo", totalBytes, "KiB", BYTES_PER_UNIT, out);
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
