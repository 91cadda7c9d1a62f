package io.millrace.bench.compare;

import io.millrace.bench.child.ChildJvm;
import io.millrace.bench.disk.WorkDirectory;
import io.millrace.bench.run.Measured;
import io.millrace.bench.run.Rounds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the engine compares with others at the same job: send a message, receive it, look at every byte.
 *
 * <p>All JVMs are there from the first round to the last, their heaps touched; one works at a time, so what the machine
 * does to one round it does to its neighbours. A ratio is the median of the ratios within each round, which a machine that
 * changes its speed between rounds does not disturb.
 */
public final class Comparison {
    /** Hears of every round. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A round of one entrant is over.
         *
         * @param number of the round, from 1; 0 or less while warming up
         * @param messagesPerSecond its rate
         */
        void onRound(Entrant entrant, int number, double messagesPerSecond);
    }

    private final Heat heat;
    private final Rounds rounds;
    private final int heapMib;

    /** @param heapMib heap of each JVM */
    public Comparison(Heat heat, Rounds rounds, int heapMib) {
        this.heat = heat;
        this.rounds = rounds;
        this.heapMib = heapMib;
    }

    /** What the JVM of a contestant is started with. */
    public static List<String> jvmOptions(Contestant contestant, int heapMib) {
        List<String> options = new ArrayList<>(List.of(
                "-Xms" + heapMib + "m", "-Xmx" + heapMib + "m", "-XX:+AlwaysPreTouch", "-XX:+ExitOnOutOfMemoryError"));
        options.addAll(contestant.jvmOptions());
        return options;
    }

    /** @param directory where it may keep files; the caller deletes it, since a JVM that is ended cannot */
    static ChildJvm start(Entrant entrant, WorkDirectory directory, int heapMib) {
        return ChildJvm.start(
                entrant.name(),
                jvmOptions(entrant.contestant(), heapMib),
                ContestantProcess.class,
                entrant.in(directory.path()).toArguments());
    }

    static WorkDirectory newDirectory(Entrant entrant) {
        return WorkDirectory.in(entrant.persistence().parent(), "millrace-compare");
    }

    /**
     * Runs all rounds.
     *
     * @throws InterruptedException if the calling thread is interrupted; the JVMs have been told to end by then
     * @throws IllegalStateException if a contestant failed, or lost or damaged a message
     */
    public List<ComparedFigures> run(Listener listener) throws InterruptedException {
        try (WorkDirectory directory = newDirectory(heat.entrants().get(0))) {
            return run(directory, listener);
        }
    }

    private List<ComparedFigures> run(WorkDirectory directory, Listener listener) throws InterruptedException {
        List<Running> all = new ArrayList<>();
        try {
            for (Entrant entrant : heat.entrants()) {
                all.add(new Running(entrant, start(entrant, directory, heapMib), new ArrayList<>()));
            }
            for (Running one : all) {
                one.child().hear();
            }
            for (int i = 1 - rounds.warmups(); i <= rounds.measured(); i++) {
                round(i, all, listener);
            }
            return figures(all);
        } finally {
            all.forEach(one -> one.child().close());
        }
    }

    /** Each entrant once; who begins changes from round to round. */
    private void round(int number, List<Running> all, Listener listener) throws InterruptedException {
        boolean counts = number >= 1;
        for (int i = 0; i < all.size(); i++) {
            Running one = all.get(Math.floorMod(number + i, all.size()));
            one.child().tell(counts ? ContestantProcess.MEASURE : ContestantProcess.WARM_UP);
            double rate = Double.parseDouble(one.child().hear());
            if (counts) {
                one.rates().add(rate);
            }
            listener.onRound(one.entrant(), number, rate);
        }
    }

    private List<ComparedFigures> figures(List<Running> all) throws InterruptedException {
        List<ComparedFigures> figures = new ArrayList<>();
        for (Running one : all) {
            one.child().tell(ContestantProcess.TELL);
            Measured measured = Measured.parse(one.child().hear());
            Map<Entrant, Ratio> ratios = one.entrant().contestant().isMillrace() ? ratios(one, all) : Map.of();
            figures.add(new ComparedFigures(heat, one.entrant(), rounds, measured, ratios));
        }
        return figures;
    }

    private static Map<Entrant, Ratio> ratios(Running ours, List<Running> all) {
        Map<Entrant, Ratio> ratios = new LinkedHashMap<>();
        for (Running other : all) {
            if (!other.entrant().contestant().isMillrace()) {
                ratios.put(other.entrant(), Ratio.of(ours.rates(), other.rates()));
            }
        }
        return ratios;
    }

    private record Running(Entrant entrant, ChildJvm child, List<Double> rates) {}
}
