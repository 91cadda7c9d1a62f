package io.millrace.bench.compare;

import io.millrace.bench.child.ChildJvm;
import io.millrace.bench.disk.DiskRate;
import io.millrace.bench.disk.WorkDirectory;
import io.millrace.bench.run.Measured;
import io.millrace.bench.run.Medians;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a rate lasts: one entrant after the other works for a time on what it has written before, without beginning anew, and
 * the disk is measured before and after. A rate that falls from the first quarter of the time to the last would mean
 * that the short rounds lived on credit of the page cache.
 */
public final class Sustained {
    private static final double NS_PER_S = 1e9;
    private static final int QUARTERS = 4;
    private static final int DISK_ROUNDS = 3;
    private static final long MOST_DISK_BYTES = 1L << 30;
    private static final long LEAST_DISK_BYTES = 16L << 20;

    /** Measuring the disk shall not take longer than what is compared with it. */
    private static final double DISK_BYTES_PER_NS = 0.1;

    /** Hears of every round. */
    @FunctionalInterface
    public interface Listener {
        /** A round of an entrant is over, so many nanoseconds after its first began. */
        void onRound(Entrant entrant, long elapsedNs, double messagesPerSecond);
    }

    private final long durationNs;
    private final long mostBytes;
    private final int warmups;
    private final int heapMib;

    /**
     * @param durationNs how long each works, at least; its last round is not cut
     * @param mostBytes payload after which somebody who never removes anything stops early
     * @param warmups rounds before the time begins
     * @param heapMib heap of each JVM
     */
    public Sustained(long durationNs, long mostBytes, int warmups, int heapMib) {
        this.durationNs = durationNs;
        this.mostBytes = mostBytes;
        this.warmups = warmups;
        this.heapMib = heapMib;
    }

    /**
     * What the disk does by itself, several times.
     *
     * @return bytes per second of each
     */
    public List<Double> diskRates(Path directory) {
        long bytes = Math.min(MOST_DISK_BYTES, Math.max(LEAST_DISK_BYTES, (long) (durationNs * DISK_BYTES_PER_NS)));
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < DISK_ROUNDS; i++) {
            rates.add(DiskRate.sequential(directory, bytes));
        }
        return rates;
    }

    /** Lets one entrant work. */
    public SustainedFigures run(Entrant entrant, Listener listener) throws InterruptedException {
        try (WorkDirectory directory = Comparison.newDirectory(entrant);
                ChildJvm child = Comparison.start(entrant, directory, heapMib)) {
            child.hear();
            for (int i = 0; i < warmups; i++) {
                child.tell(ContestantProcess.WARM_UP);
                child.hear();
            }
            return measure(child, entrant, listener);
        }
    }

    private SustainedFigures measure(ChildJvm child, Entrant entrant, Listener listener) throws InterruptedException {
        List<Double> rates = new ArrayList<>();
        long most = entrant.contestant().isMillrace() ? Long.MAX_VALUE : mostBytes;
        long beganNs = System.nanoTime();
        long elapsedNs = 0;
        long bytes = 0;
        while (elapsedNs < durationNs && bytes < most) {
            child.tell(ContestantProcess.GO_ON);
            rates.add(Double.parseDouble(child.hear()));
            elapsedNs = System.nanoTime() - beganNs;
            bytes += entrant.load().messages() * entrant.load().payloadBytes();
            listener.onRound(entrant, elapsedNs, rates.get(rates.size() - 1));
        }
        child.tell(ContestantProcess.TELL);
        return figures(entrant, elapsedNs, rates, Measured.parse(child.hear()));
    }

    private static SustainedFigures figures(Entrant entrant, long elapsedNs, List<Double> rates, Measured measured) {
        int quarter = Math.max(1, rates.size() / QUARTERS);
        double perSecond = rates.size() * entrant.load().messages() * NS_PER_S / elapsedNs;
        return new SustainedFigures(
                entrant,
                elapsedNs / NS_PER_S,
                perSecond,
                Medians.of(rates.subList(0, quarter)),
                Medians.of(rates.subList(rates.size() - quarter, rates.size())),
                perSecond * entrant.load().payloadBytes(),
                measured);
    }
}
