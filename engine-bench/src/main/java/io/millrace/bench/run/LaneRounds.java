package io.millrace.bench.run;

import io.millrace.bench.disk.PageFaults;

/** A load on a lane, round after round. Confined to one thread. */
public final class LaneRounds {
    private final Lane lane;
    private final QueueLoad load;
    private final Payload payload;
    private final RoundFigures figures;

    /** @param payload what the lane's senders send */
    public LaneRounds(Lane lane, QueueLoad load, Payload payload) {
        this.lane = lane;
        this.load = load;
        this.payload = payload;
        this.figures = new RoundFigures(load);
    }

    /**
     * A round that does not count.
     *
     * @return messages per second
     * @throws InterruptedException if the calling thread is interrupted
     * @throws IllegalStateException if a message was damaged on its way, or a thread failed
     */
    public double warmUp() throws InterruptedException {
        lane.beforeRound();
        return figures.rate(newRound().run());
    }

    /**
     * A round that counts.
     *
     * @return messages per second
     * @throws InterruptedException if the calling thread is interrupted
     * @throws IllegalStateException if a message was damaged on its way, or a thread failed
     */
    public double measure() throws InterruptedException {
        lane.beforeRound();
        return measureOn();
    }

    /** The same on the memory of the round before, whatever the lane would do between rounds. */
    public double measureOn() throws InterruptedException {
        LaneRound round = newRound();
        long collectionsBefore = GarbageCollections.count();
        long faultsBefore = PageFaults.minor();
        round.run();
        long faults = PageFaults.minor() - faultsBefore;
        figures.add(round, GarbageCollections.count() - collectionsBefore, faults);
        return figures.rate(round);
    }

    /** What the rounds that counted came to; there was at least one. */
    public Measured measured() {
        return figures.toMeasured();
    }

    private LaneRound newRound() {
        return new LaneRound(lane, load, payload);
    }
}
