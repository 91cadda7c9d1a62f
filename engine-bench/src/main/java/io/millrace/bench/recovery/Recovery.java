package io.millrace.bench.recovery;

import io.millrace.bench.child.ChildJvm;
import io.millrace.bench.disk.WorkDirectory;
import io.millrace.bench.report.Figures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How long a directory takes to open in which messages wait. Less than 2 million live messages a second from the page cache, or
 * more than two seconds for a GiB of log, would change our mind about a recovery that reads every record.
 */
public final class Recovery {
    private final RecoveryLoad load;
    private final int rounds;
    private final Path parent;

    /**
     * @param rounds how often each case is repeated
     * @param parent directory in which a new one is made, and deleted
     */
    public Recovery(RecoveryLoad load, int rounds, Path parent) {
        this.load = load;
        this.rounds = rounds;
        this.parent = parent;
    }

    /** How many things the listener hears of. */
    public static long steps(int rounds) {
        return 1 + (long) RecoveryCase.values().length * rounds;
    }

    /**
     * Runs all cases, in turn, round by round.
     *
     * @param listener hears of each step, in words
     * @throws InterruptedException if the calling thread is interrupted; the JVMs have been told to end by then
     * @throws IllegalStateException if messages were lost
     */
    public List<RecoveryFigures> run(Consumer<String> listener) throws InterruptedException {
        try (WorkDirectory directory = WorkDirectory.in(parent, "millrace-recovery")) {
            fill(directory.path());
            listener.accept("filled: " + Figures.count(load.messages()) + " messages");
            Openings cleanCold = new Openings(RecoveryCase.CLEAN_COLD, listener);
            Openings cleanWarm = new Openings(RecoveryCase.CLEAN_WARM, listener);
            Openings dirtyCold = new Openings(RecoveryCase.DIRTY_COLD, listener);
            for (int i = 0; i < rounds; i++) {
                openTwice(directory.path(), cleanCold, cleanWarm);
                endWithoutWarning(directory.path());
                openAndClose(directory.path(), dirtyCold);
            }
            return List.of(cleanCold.figures(), cleanWarm.figures(), dirtyCold.figures());
        }
    }

    private ChildJvm start(Path directory) throws InterruptedException {
        ChildJvm child = ChildJvm.start(
                "recovery", load.jvmOptions(), RecoveryProcess.class, RecoveryProcess.arguments(load, directory));
        child.hear();
        return child;
    }

    private static String order(ChildJvm child, String order) throws InterruptedException {
        child.tell(order);
        return child.hear();
    }

    private void fill(Path directory) throws InterruptedException {
        try (ChildJvm child = start(directory)) {
            order(child, RecoveryProcess.FILL);
            order(child, RecoveryProcess.CLOSE);
        }
    }

    private void openTwice(Path directory, Openings first, Openings second) throws InterruptedException {
        try (ChildJvm child = start(directory)) {
            first.add(order(child, RecoveryProcess.OPEN));
            order(child, RecoveryProcess.CLOSE);
            second.add(order(child, RecoveryProcess.OPEN));
            order(child, RecoveryProcess.CLOSE);
        }
    }

    /** What was recovered lies in segments that are sealed; they are not closed in order either. */
    private void endWithoutWarning(Path directory) throws InterruptedException {
        try (ChildJvm child = start(directory)) {
            order(child, RecoveryProcess.OPEN);
            child.kill();
            child.awaitEnd();
        }
    }

    private void openAndClose(Path directory, Openings openings) throws InterruptedException {
        try (ChildJvm child = start(directory)) {
            openings.add(order(child, RecoveryProcess.OPEN));
            order(child, RecoveryProcess.CLOSE);
        }
    }

    /** What the JVMs have said about one case. */
    private final class Openings {
        private final RecoveryCase what;
        private final Consumer<String> listener;
        private final List<Long> openNs = new ArrayList<>();
        private long offHeapBytes;
        private long liveBytes;
        private long logBytes;

        Openings(RecoveryCase what, Consumer<String> listener) {
            this.what = what;
            this.listener = listener;
        }

        void add(String answer) {
            String[] parts = answer.split(" ", -1);
            openNs.add(Long.parseLong(parts[0]));
            offHeapBytes = Long.parseLong(parts[1]);
            liveBytes = Long.parseLong(parts[2]);
            logBytes = Long.parseLong(parts[3]);
            listener.accept(what + ": " + Figures.duration(openNs.get(openNs.size() - 1)));
        }

        RecoveryFigures figures() {
            return new RecoveryFigures(what, load, openNs, offHeapBytes, liveBytes, logBytes);
        }
    }
}
