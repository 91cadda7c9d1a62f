package io.millrace.bench.compare;

import io.millrace.Engine;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueStats;
import io.millrace.bench.run.Arrivals;
import io.millrace.bench.run.Lane;
import io.millrace.bench.run.MessageReceiver;
import io.millrace.bench.run.MessageSender;
import io.millrace.bench.run.OffHeapRoom;
import io.millrace.bench.run.Payload;
import io.millrace.bench.run.QueueLoad;
import io.millrace.bench.run.Tier;

/** A queue of an engine of its own; its backlog limit is the capacity. */
final class EngineLane implements OpenLane {
    private final Engine engine;
    private final MessageQueue queue;
    private final Lane lane;

    private EngineLane(Engine engine, MessageQueue queue, Lane lane) {
        this.engine = engine;
        this.queue = queue;
        this.lane = lane;
    }

    static EngineLane open(Tier tier, QueueLoad load, Payload payload) {
        Engine engine = Engine.inMemory(OffHeapRoom.configFor(load));
        MessageQueue queue = engine.queue(
                "compare",
                c -> c.withMaxBacklog(load.window())
                        .withMaxMessageBytes(Math.max(load.payloadBytes(), c.maxMessageBytes())));
        return new EngineLane(engine, queue, tier.lane(queue, payload));
    }

    @Override
    public MessageSender sender() {
        return lane.sender();
    }

    @Override
    public MessageReceiver receiver(Arrivals arrivals) {
        return lane.receiver(arrivals);
    }

    @Override
    public long left() {
        QueueStats stats = queue.admin().stats();
        return stats.visible() + stats.inFlight() + stats.delayed();
    }

    @Override
    public void close() {
        engine.close();
    }
}
