package io.millrace.bench.run;

import io.millrace.api.queue.MessageQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** One round of a load on a queue. Confined to one thread; used once. */
final class QueueRound {
    /** Several consumers take the messages in portions, so that each works as long as there is work. */
    private static final int PORTIONS = 64;

    private final Tier tier;
    private final QueueLoad load;
    private final MessageQueue queue;
    private final Payload payload;
    private final List<Task> tasks = new ArrayList<>();
    private final List<Arrivals> arrivals = new ArrayList<>();
    private final List<LongSupplier> refusals = new ArrayList<>();

    QueueRound(Tier tier, QueueLoad load, MessageQueue queue, Payload payload) {
        this.tier = tier;
        this.load = load;
        this.queue = queue;
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
            throw new IllegalStateException("messages were damaged: damaged=" + damaged + " tier=" + tier);
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
        Cycling task =
                new Cycling(() -> tier.sender(queue, payload), () -> tier.receiver(queue, mine), mine, load.messages());
        refusals.add(task::refusals);
        tasks.add(task);
    }

    private void addProducers(int count) {
        for (int i = 0; i < count; i++) {
            long share = load.messages() / count + (i < load.messages() % count ? 1 : 0);
            Producing task = new Producing(() -> tier.sender(queue, payload), share);
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
                    () -> tier.receiver(queue, mine),
                    unclaimed,
                    portion,
                    load.crew().batch()));
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
