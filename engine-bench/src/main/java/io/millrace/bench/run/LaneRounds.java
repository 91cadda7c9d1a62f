package io.millrace.bench.run;

/** A load on a lane, round after round. Confined to one thread. */
public final class LaneRounds {
    private final Lane lane;
    private final QueueLoad load;
    private final Payload payload;
    private final RoundFigures figures = new RoundFigures();

    /** @param payload what the lane's senders send */
    public LaneRounds(Lane lane, QueueLoad load, Payload payload) {
        this.lane = lane;
        this.load = load;
        this.payload = payload;
    }

    /**
     * A round that does not count.
     *
     * @return messages per second
     * @throws InterruptedException if the calling thread is interrupted
     * @throws IllegalStateException if a message was damaged on its way, or a thread failed
     */
    public double warmUp() throws InterruptedException {
        return RoundFigures.rate(load.messages(), newRound().run());
    }

    /**
     * A round that counts.
     *
     * @return messages per second
     * @throws InterruptedException if the calling thread is interrupted
     * @throws IllegalStateException if a message was damaged on its way, or a thread failed
     */
    public double measure() throws InterruptedException {
        LaneRound round = newRound();
        long collectionsBefore = GarbageCollections.count();
        Round done = round.run();
        long collections = GarbageCollections.count() - collectionsBefore;
        figures.add(load.messages(), done, round.arrivals(), round.refusals(), collections);
        return RoundFigures.rate(load.messages(), done);
    }

    /** What the rounds that counted came to; there was at least one. */
    public Measured measured() {
        return figures.toMeasured();
    }

    private LaneRound newRound() {
        return new LaneRound(lane, load, payload);
    }
}
