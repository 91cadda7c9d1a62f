package io.millrace.stress.mutants;

import io.millrace.api.EngineClock;
import java.util.List;

/** Runs detectors in this JVM: arguments are the time for each in milliseconds, and their names. Stateless. */
public final class DetectorMain {
    /** Exit code when a detector failed. */
    static final int CAUGHT = 3;

    private static final long NS_PER_MS = 1_000_000L;

    private DetectorMain() {}

    public static void main(String[] args) throws InterruptedException {
        final long budgetMs = Long.parseLong(args[0]);
        for (String name : List.of(args).subList(1, args.length)) {
            final long startNs = EngineClock.system().monotonicNs();
            try {
                Detector.valueOf(name).run(budgetMs);
            } catch (RuntimeException | Error e) {
                System.out.println(name + ": " + e.getMessage());
                System.out.flush();
                Runtime.getRuntime().halt(CAUGHT); // a planted bug may have left threads that never end
            }
            final long tookMs = (EngineClock.system().monotonicNs() - startNs) / NS_PER_MS;
            System.out.println(name + " ok " + tookMs);
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
