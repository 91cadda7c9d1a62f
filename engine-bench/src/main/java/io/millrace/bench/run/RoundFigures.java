package io.millrace.bench.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Gathers the figures of the rounds that count. Confined to one thread. */
final class RoundFigures {
    private static final double NS_PER_S = 1e9;
    private static final double NS_PER_US = 1e3;
    private static final double MIB = 1 << 20;

    private final QueueLoad load;
    private final List<Double> rates = new ArrayList<>();
    private final Histogram latencyNs = Arrivals.newHistogram();
    private long messages;
    private long elapsedNs;
    private long allocatedBytes;
    private long refusals;
    private long collections;
    private long forces;
    private long faults;

    RoundFigures(QueueLoad load) {
        this.load = load;
    }

    /** Messages per second of a round. */
    double rate(LaneRound round) {
        return load.messages() * NS_PER_S / round.elapsedNs();
    }

    void add(LaneRound round, long roundCollections, long roundFaults) {
        rates.add(rate(round));
        messages += load.messages();
        elapsedNs += round.elapsedNs();
        allocatedBytes += round.allocatedBytes();
        refusals += round.refusals();
        collections += roundCollections;
        forces += round.forces();
        faults += roundFaults;
        latencyNs.add(round.latencyNs());
    }

    Measured toMeasured() {
        return new Measured(
                Medians.of(rates),
                Collections.min(rates),
                Collections.max(rates),
                latencyNs.getValueAtPercentile(50) / NS_PER_US,
                latencyNs.getValueAtPercentile(99) / NS_PER_US,
                (double) allocatedBytes / messages,
                collections,
                refusals,
                forces * NS_PER_S / elapsedNs,
                forces == 0 ? 0 : (double) messages / forces,
                faults * MIB / ((double) messages * load.payloadBytes()));
    }
}
