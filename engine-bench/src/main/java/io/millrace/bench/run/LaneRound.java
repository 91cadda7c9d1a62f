package io.millrace.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** One round of a load on a lane. Confined to one thread; used once. */
final class LaneRound {
    /** Several consumers take the messages in portions, so that each works as long as there is work. */
    private static final int PORTIONS = 64;

    private final QueueLoad load;
    private final Lane lane;
    private final Payload payload;
    private final List<Task> tasks = new ArrayList<>();
    private final List<Arrivals> arrivals = new ArrayList<>();
    private final List<LongSupplier> refusals = new ArrayList<>();

    LaneRound(Lane lane, QueueLoad load, Payload payload) {
        this.lane = lane;
        this.load = load;
        this.payload = payload;
    }

    /**
     * Sends and receives the messages of the round.
     *
     * @throws IllegalStateException if a message was damaged on its way, or a thread failed
     */
    Round run() throws InterruptedException {
        if (load.crew().isCycle()) {
            addCycle();
        } else {
            addProducers(load.crew().producers());
            addConsumers(load.crew().consumers());
        }
        Round round = Round.run(tasks);
        long damaged = arrivals.stream().mapToLong(Arrivals::damaged).sum();
        if (damaged > 0) {
            throw new IllegalStateException("messages were damaged: damaged=" + damaged);
        }
        return round;
    }

    private Arrivals newArrivals() {
        Arrivals added = new Arrivals(payload);
        arrivals.add(added);
        return added;
    }

    private void addCycle() {
        Arrivals mine = newArrivals();
        Cycling task = new Cycling(lane::sender, () -> lane.receiver(mine), mine, load.messages());
        refusals.add(task::refusals);
        tasks.add(task);
    }

    private void addProducers(int count) {
        for (int i = 0; i < count; i++) {
            long share = load.messages() / count + (i < load.messages() % count ? 1 : 0);
            Producing task = new Producing(lane::sender, share);
            refusals.add(task::refusals);
            tasks.add(task);
        }
    }

    private void addConsumers(int count) {
        AtomicLong unclaimed = new AtomicLong(load.messages());
        long portion = count == 1 ? load.messages() : Math.max(1, load.messages() / ((long) count * PORTIONS));
        for (int i = 0; i < count; i++) {
            Arrivals mine = newArrivals();
            tasks.add(new Consuming(
                    () -> lane.receiver(mine), unclaimed, portion, load.crew().batch()));
        }
    }

    /** What the consumers made of the messages; to be read after the run. */
    List<Arrivals> arrivals() {
        return arrivals;
    }

    /** How often a send found no room; to be read after the run. */
    long refusals() {
        return refusals.stream().mapToLong(LongSupplier::getAsLong).sum();
    }
}
