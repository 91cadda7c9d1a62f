package io.millrace.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * One round of a load on a lane. Confined to one thread; used once.
 *
 * <p>If only sending or only receiving is measured, the round is a row of bursts, each as long as the window allows; what was
 * sent is taken out between them, what is received was put there.
 */
final class LaneRound {
    /** Several consumers take the messages in portions, so that each works as long as there is work. */
    private static final int PORTIONS = 64;

    private static final int DRAIN_BATCH = 256;

    private final QueueLoad load;
    private final Lane lane;
    private final Payload payload;
    private final List<Arrivals> arrivals = new ArrayList<>();
    private final List<LongSupplier> refusals = new ArrayList<>();
    private long elapsedNs;
    private long allocatedBytes;
    private long forces;

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
    LaneRound run() throws InterruptedException {
        if (load.crew().isOneSided()) {
            for (long left = load.messages(); left > 0; left -= Math.min(left, load.window())) {
                oneSided(Math.min(left, load.window()));
            }
        } else {
            measure(load.crew().isCycle() ? List.of(cycle()) : together());
        }
        long damaged = arrivals.stream().mapToLong(Arrivals::damaged).sum();
        if (damaged > 0) {
            throw new IllegalStateException("messages were damaged: damaged=" + damaged);
        }
        return this;
    }

    private void oneSided(long messages) throws InterruptedException {
        if (load.crew().consumers() == 0) {
            measure(producers(messages, true));
            drain(messages);
        } else {
            fill(messages);
            measure(consumers(messages, true));
        }
    }

    private void measure(List<Task> tasks) throws InterruptedException {
        long forcesBefore = lane.forces();
        Round round = Round.run(tasks);
        elapsedNs += round.elapsedNs();
        allocatedBytes += round.allocatedBytes();
        forces += lane.forces() - forcesBefore;
    }

    private Arrivals newArrivals() {
        Arrivals added = new Arrivals(payload);
        arrivals.add(added);
        return added;
    }

    private Task cycle() {
        Arrivals mine = newArrivals();
        Cycling task = new Cycling(lane::sender, () -> lane.receiver(mine), mine, load.messages());
        refusals.add(task::refusals);
        return task;
    }

    private List<Task> together() {
        List<Task> tasks = producers(load.messages(), false);
        tasks.addAll(consumers(load.messages(), false));
        return tasks;
    }

    private List<Task> producers(long messages, boolean timed) {
        List<Task> tasks = new ArrayList<>();
        int count = load.crew().producers();
        for (int i = 0; i < count; i++) {
            long share = messages / count + (i < messages % count ? 1 : 0);
            Producing task = new Producing(lane::sender, share, timed ? newArrivals() : null);
            refusals.add(task::refusals);
            tasks.add(task);
        }
        return tasks;
    }

    private List<Task> consumers(long messages, boolean timed) {
        List<Task> tasks = new ArrayList<>();
        int count = load.crew().consumers();
        AtomicLong unclaimed = new AtomicLong(messages);
        long portion = count == 1 ? messages : Math.max(1, messages / ((long) count * PORTIONS));
        for (int i = 0; i < count; i++) {
            Arrivals mine = newArrivals();
            tasks.add(new Consuming(
                    () -> lane.receiver(mine), unclaimed, portion, load.crew().batch(), timed ? mine : null));
        }
        return tasks;
    }

    // ---- what is not measured

    private void fill(long messages) throws InterruptedException {
        Idle idle = new Idle();
        try (MessageSender sender = lane.filler()) {
            for (long sent = 0; sent < messages; sent++) {
                while (!sender.trySend(Samples.NONE)) {
                    pause(idle);
                }
            }
            while (!sender.flush()) {
                pause(idle);
            }
        }
    }

    private void drain(long messages) throws InterruptedException {
        Idle idle = new Idle();
        try (MessageReceiver receiver = lane.receiver(newArrivals())) {
            for (long left = messages; left > 0; ) {
                int received = receiver.receive((int) Math.min(left, DRAIN_BATCH));
                left -= received;
                if (received == 0) {
                    pause(idle);
                }
            }
        }
    }

    private static void pause(Idle idle) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted between two bursts");
        }
        idle.pause();
    }

    // ---- to be read after the run

    /** Nanoseconds of what is measured. */
    long elapsedNs() {
        return Math.max(1, elapsedNs);
    }

    /** Bytes that the threads allocated on the heap. */
    long allocatedBytes() {
        return allocatedBytes;
    }

    /** System calls that forced a file. */
    long forces() {
        return forces;
    }

    /** Sampled times, in nanoseconds: from send to arrival, of a cycle, or of a call that sent or received. */
    Histogram latencyNs() {
        Histogram all = Arrivals.newHistogram();
        arrivals.forEach(one -> all.add(one.latencyNs()));
        return all;
    }

    /** How often a send found no room. */
    long refusals() {
        return refusals.stream().mapToLong(LongSupplier::getAsLong).sum();
    }
}
