package io.millrace.bench.compare;

import io.millrace.bench.run.Arrivals;
import io.millrace.bench.run.BenchEngine;
import io.millrace.bench.run.EngineLane;
import io.millrace.bench.run.Lane;
import io.millrace.bench.run.MessageReceiver;
import io.millrace.bench.run.MessageSender;
import io.millrace.bench.run.Payload;
import io.millrace.bench.run.QueueLoad;
import io.millrace.bench.run.Tier;

/** A queue of an engine of its own; its backlog limit is the capacity. */
final class MillraceLane implements OpenLane {
    private final Entrant entrant;
    private final Tier tier;
    private final boolean fresh;
    private final Payload payload;
    private BenchEngine engine;
    private Lane lane;

    private MillraceLane(Entrant entrant, Tier tier, boolean fresh, Payload payload) {
        this.entrant = entrant;
        this.tier = tier;
        this.fresh = fresh;
        this.payload = payload;
        this.engine = BenchEngine.open(entrant.load(), entrant.persistence());
        this.lane = lane();
    }

    /** @param fresh whether each round has an engine of its own, on a directory that was not there before */
    static MillraceLane open(Entrant entrant, Tier tier, boolean fresh, Payload payload) {
        return new MillraceLane(entrant, tier, fresh, payload);
    }

    private Lane lane() {
        QueueLoad load = entrant.load();
        return new EngineLane(engine, tier, load, payload, entrant.persistence());
    }

    @Override
    public void beforeRound() {
        if (fresh) {
            engine.close();
            engine = BenchEngine.open(entrant.load(), entrant.persistence());
            lane = lane();
        }
    }

    @Override
    public MessageSender sender() {
        return lane.sender();
    }

    @Override
    public MessageSender filler() {
        return lane.filler();
    }

    @Override
    public MessageReceiver receiver(Arrivals arrivals) {
        return lane.receiver(arrivals);
    }

    @Override
    public long forces() {
        return lane.forces();
    }

    @Override
    public long left() {
        return engine.left();
    }

    @Override
    public void close() {
        engine.close();
    }
}
