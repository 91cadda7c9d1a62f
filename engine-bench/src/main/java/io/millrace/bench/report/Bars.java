package io.millrace.bench.report;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Bars that move in one line of a terminal, all of one look. Stateless. */
public final class Bars {
    private static final int REDRAW_EVERY_MS = 100;

    private Bars() {}

    /** An empty bar that is full after so many steps, which it shows with the time that is left. */
    public static ProgressBar ofSteps(String task, long steps, PrintWriter out) {
        return bar(task, steps, out).build();
    }

    /**
     * An empty bar that is full after so many bytes, shown in units.
     *
     * @param unit name of the unit
     * @param unitBytes bytes in one
     */
    public static ProgressBar ofBytes(String task, long bytes, String unit, int unitBytes, PrintWriter out) {
        return bar(task, bytes, out).setUnit(" " + unit, unitBytes).hideEta().build();
    }

    private static ProgressBarBuilder bar(String task, long max, PrintWriter out) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(max)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_EVERY_MS)
                .setConsumer(new SameLine(out));
    }
}
