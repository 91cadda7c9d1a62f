package io.millrace.bench.directory;

import io.millrace.bench.report.Bars;
import java.io.PrintWriter;
import java.util.function.LongConsumer;
import me.tongfei.progressbar.ProgressBar;

/** Shows how much of a directory was read: a bar where a person watches, else nothing. Confined to one thread. */
public abstract class ReadProgress implements LongConsumer, AutoCloseable {
    /** Below this, in bytes, nobody has to wait. */
    private static final long WORTH_A_BAR = 64L << 20;

    private static final int BYTES_PER_UNIT = 1 << 20;

    private ReadProgress() {}

    /**
     * A bar, if that is worth it.
     *
     * @param isInteractive whether a person is watching
     */
    public static ReadProgress of(String task, long totalBytes, PrintWriter out, boolean isInteractive) {
        return isInteractive && totalBytes >= WORTH_A_BAR ? new Bar(task, totalBytes, out) : new Quiet();
    }

    /** So many more bytes were read. */
    @Override
    public abstract void accept(long bytes);

    /** Leaves the terminal ready for the next line. */
    @Override
    public abstract void close();

    private static final class Quiet extends ReadProgress {
        @Override
        public void accept(long bytes) {}

        @Override
        public void close() {}
    }

    private static final class Bar extends ReadProgress {
        private final ProgressBar bar;

        Bar(String task, long totalBytes, PrintWriter out) {
            bar = Bars.ofBytes(task, totalBytes, "MiB", BYTES_PER_UNIT, out);
        }

        @Override
        public void accept(long bytes) {
            bar.stepBy(bytes);
        }

        @Override
        public void close() {
            bar.close();
        }
    }
}
