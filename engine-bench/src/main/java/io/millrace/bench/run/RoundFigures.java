package io.millrace.bench.run;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Gathers the figures of the rounds that count. Confined to one thread. */
final class RoundFigures {
    private static final double NS_PER_S = 1e9;
    private static final double NS_PER_US = 1e3;

    private final List<Double> rates = new ArrayList<>();
    private final Histogram latencyNs = Arrivals.newHistogram();
    private long messages;
    private long allocatedBytes;
    private long refusals;
    private long collections;

    /** Messages per second of a round. */
    static double rate(long messages, Round round) {
        return messages * NS_PER_S / Math.max(1, round.elapsedNs());
    }

    void add(long roundMessages, Round round, List<Arrivals> arrivals, long roundRefusals, long roundCollections) {
        rates.add(rate(roundMessages, round));
        messages += roundMessages;
        allocatedBytes += round.allocatedBytes();
        refusals += roundRefusals;
        collections += roundCollections;
        arrivals.forEach(one -> latencyNs.add(one.latencyNs()));
    }

    Measured toMeasured() {
        return new Measured(
                Medians.of(rates),
                latencyNs.getValueAtPercentile(50) / NS_PER_US,
                latencyNs.getValueAtPercentile(99) / NS_PER_US,
                (double) allocatedBytes / messages,
                collections,
                refusals);
    }
}
