package io.millrace.bench.demo;

import java.io.PrintWriter;

/** A line now and then, for output that is no terminal. */
public final class ProgressLinesView implements ProgressView {
    private static final int STEPS = 4;
    private static final int PERCENT_PER_STEP = 100 / STEPS;

    private final PrintWriter out;
    private final long totalBytes;
    private long shown;

    /** @param totalBytes bytes that are everything */
    public ProgressLinesView(PrintWriter out, long totalBytes) {
        this.out = out;
        this.totalBytes = Math.max(1, totalBytes);
    }

    @Override
    public void show(long acceptedBytes, long redeliveries, long deadLetters) {
        long step = acceptedBytes * STEPS / totalBytes;
        if (step > shown) {
            shown = step;
            out.println("demo: " + step * PERCENT_PER_STEP + " % of the bytes are back, redeliveries=" + redeliveries
                    + " deadLetters=" + deadLetters);
            out.flush();
        }
    }

    @Override
    public void close() {
        out.flush();
    }
}
