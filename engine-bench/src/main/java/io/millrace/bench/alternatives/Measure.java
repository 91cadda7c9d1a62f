package io.millrace.bench.alternatives;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Runs several trials in turn, round after round, so that whatever else the machine does hits all of them alike, and
 * prints one row per trial: median, smallest and largest time per operation, rate at the median, and bytes that the
 * calling thread allocated per operation.
 */
final class Measure {

    /** One round of a trial. */
    @FunctionalInterface
    interface Trial {
        /** Runs {@code operations} operations and returns a value that depends on all of them. */
        long run(int operations) throws Exception;
    }

    /** What has to be made ready before each round of a trial, outside its time. */
    @FunctionalInterface
    interface Preparation {
        void run() throws Exception;
    }

    private static final class Row {
        final String name;
        final int operations;
        final Preparation preparation;
        final Trial trial;
        final double[] nanos;
        final double[] bytes;

        Row(String name, int operations, Preparation preparation, Trial trial, int rounds) {
            this.name = name;
            this.operations = operations;
            this.preparation = preparation;
            this.trial = trial;
            this.nanos = new double[rounds];
            this.bytes = new double[rounds];
        }
    }

    /** Swallows results so that the compiler cannot drop the work. */
    static volatile long sink;

    private final String title;
    private final List<Row> rows = new ArrayList<>();
    private final int warmups;
    private final int rounds;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    Measure(String title, int warmups, int rounds) {
        this.title = title;
        this.warmups = warmups;
        this.rounds = rounds;
    }

    Measure add(String name, int operations, Trial trial) {
        return add(name, operations, () -> {}, trial);
    }

    Measure add(String name, int operations, Preparation preparation, Trial trial) {
        rows.add(new Row(name, operations, preparation, trial, rounds));
        return this;
    }

    /** Runs everything, prints the table and returns the medians in ns per operation, in the order of the rows. */
    double[] print() throws Exception {
        for (int round = -warmups; round < rounds; round++) {
            for (Row row : rows) {
                run(row, round);
            }
        }
        System.out.printf("%n%s  [JDK %s, %d rounds]%n", title, System.getProperty("java.version"), rounds);
        System.out.printf("%-58s %9s %9s %9s %8s %7s%n", "", "ns/op", "min", "max", "M op/s", "B/op");
        double[] medians = new double[rows.size()];
        for (int i = 0; i < medians.length; i++) {
            Row row = rows.get(i);
            Arrays.sort(row.nanos);
            Arrays.sort(row.bytes);
            medians[i] = row.nanos[rounds / 2];
            System.out.printf(
                    Locale.ROOT,
                    "%-58s %9.1f %9.1f %9.1f %8.2f %7.1f%n",
                    row.name,
                    medians[i],
                    row.nanos[0],
                    row.nanos[rounds - 1],
                    1e3 / medians[i],
                    row.bytes[rounds / 2]);
        }
        return medians;
    }

    private void run(Row row, int round) throws Exception {
        row.preparation.run();
        long thread = Thread.currentThread().getId();
        long bytesBefore = threads.getThreadAllocatedBytes(thread);
        long startNs = System.nanoTime();
        sink = row.trial.run(row.operations);
        long endNs = System.nanoTime();
        long bytesAfter = threads.getThreadAllocatedBytes(thread);
        if (round >= 0) {
            row.nanos[round] = (double) (endNs - startNs) / row.operations;
            row.bytes[round] = (double) (bytesAfter - bytesBefore) / row.operations;
        }
    }
}
