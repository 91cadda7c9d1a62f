package io.millrace.bench.report;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;

/** Shows how far a job of several steps has come: a bar where a person watches, else a line for each. Confined to one thread. */
public abstract class StepProgress implements AutoCloseable {
    private StepProgress() {}

    /**
     * Begins.
     *
     * @param task what every line begins with
     * @param steps how many there will be
     * @param isInteractive whether a person is watching
     */
    public static StepProgress of(String task, long steps, PrintWriter out, boolean isInteractive) {
        return isInteractive ? new Bar(task, steps, out) : new Lines(task, out);
    }

    /** A step is over; what came of it, in a few words. */
    public abstract void step(String result);

    /** Leaves the terminal ready for the next line. */
    @Override
    public abstract void close();

    private static final class Lines extends StepProgress {
        private final String task;
        private final PrintWriter out;

        Lines(String task, PrintWriter out) {
            this.task = task;
            this.out = out;
        }

        @Override
        public void step(String result) {
            out.println(task + ": " + result);
        }

        @Override
        public void close() {}
    }

    private static final class Bar extends StepProgress {
        private final ProgressBar bar;

        Bar(String task, long steps, PrintWriter out) {
            bar = Bars.ofSteps(task, steps, out);
        }

        @Override
        public void step(String result) {
            bar.step();
        }

        @Override
        public void close() {
            bar.close();
        }
    }
}
