package io.millrace.bench.scale;

import io.millrace.bench.child.ChildJvm;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What much of something costs: time and bytes for each, when it comes and when it goes. More than 128 bytes beyond the
 * payload of a waiting message, or a heap that grows with the messages, would change our mind about the design.
 */
public final class Scale {
    /** Hears of every step. */
    @FunctionalInterface
    public interface Listener {
        /** A step of a round is over. */
        void onStep(ScaleStep step, double nsEach);
    }

    private static final double NS_PER_US = 1e3;

    private final ScaleLoad load;
    private final int rounds;
    private final int starts;

    /**
     * @param rounds how often the part is repeated in its JVM
     * @param starts how often a JVM is started for a first message
     */
    public Scale(ScaleLoad load, int rounds, int starts) {
        this.load = load;
        this.rounds = rounds;
        this.starts = starts;
    }

    /**
     * Runs the part; medians of the rounds.
     *
     * @throws InterruptedException if the calling thread is interrupted; the JVM has been told to end by then
     * @throws IllegalStateException if the JVM failed, for want of memory or because the engine did something wrong
     */
    public List<ScaleFigures> run(Listener listener) throws InterruptedException {
        Map<ScaleStep, List<StepCost>> costs = new EnumMap<>(ScaleStep.class);
        try (ChildJvm child = ChildJvm.start(
                load.part().toString(), load.jvmOptions(), ScaleProcess.class, ScaleProcess.arguments(load, rounds))) {
            for (String line = child.hear(); !line.equals(ScaleProcess.DONE); line = child.hear()) {
                int blank = line.indexOf(' ');
                ScaleStep step = ScaleStep.valueOf(line.substring(0, blank));
                StepCost cost = StepCost.parse(line.substring(blank + 1));
                costs.computeIfAbsent(step, any -> new ArrayList<>()).add(cost);
                listener.onStep(step, cost.nsEach());
            }
        }
        List<ScaleFigures> figures = new ArrayList<>();
        costs.forEach((step, all) -> figures.add(new ScaleFigures(step, load, rounds, StepCost.median(all))));
        if (load.part() == ScalePart.FIRST_MESSAGE) {
            figures.add(startJvms(listener));
        }
        return figures;
    }

    /** From the moment at which this process starts another until that one has got its first message through. */
    private ScaleFigures startJvms(Listener listener) throws InterruptedException {
        Histogram times = StepMeter.newHistogram();
        for (int i = 0; i < starts; i++) {
            long beginNs = System.nanoTime();
            try (ChildJvm child = ChildJvm.start(
                    "first-message", List.of(), FirstMessage.class, List.of(Integer.toString(load.payloadBytes())))) {
                child.hear();
                long ns = System.nanoTime() - beginNs;
                times.recordValue(ns);
                listener.onStep(ScaleStep.FIRST_MESSAGE_JVM_START, (double) ns);
            }
        }
        double medianNs = times.getValueAtPercentile(50);
        StepCost cost =
                new StepCost(medianNs, medianNs / NS_PER_US, times.getValueAtPercentile(99) / NS_PER_US, 0, 0, 0);
        return new ScaleFigures(
                ScaleStep.FIRST_MESSAGE_JVM_START, new ScaleLoad(load.part(), starts, load.payloadBytes()), 1, cost);
    }
}
