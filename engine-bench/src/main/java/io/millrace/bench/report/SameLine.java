package io.millrace.bench.report;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBarConsumer;

/** Draws a bar over the line; asks no terminal library, so that signals stay as they are. Called by one thread at a time. */
public final class SameLine implements ProgressBarConsumer {
    private static final int COLUMNS = 79;

    private final PrintWriter out;

    /** @param out the terminal */
    public SameLine(PrintWriter out) {
        this.out = out;
    }

    @Override
    public int getMaxRenderedLength() {
        return COLUMNS;
    }

    @Override
    public void accept(String rendered) {
        out.print('\r' + rendered);
        out.flush();
    }

    @Override
    public void close() {
        out.println();
        out.flush();
    }
}
