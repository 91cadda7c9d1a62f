package io.millrace.bench.run;

import io.millrace.Engine;
import io.millrace.ForceCounter;
import io.millrace.api.EngineConfig;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.QueueStats;
import io.millrace.bench.disk.WorkDirectory;
import java.util.Optional;

/** An engine with one queue, in memory or in a directory of its own, which goes with it. Used by one thread, its lanes by many. */
public final class BenchEngine implements AutoCloseable {
    private static final String QUEUE = "bench";

    private final Engine engine;
    private final MessageQueue queue;
    private final ForceCounter counter;
    private final Optional<WorkDirectory> directory;

    private BenchEngine(Engine engine, MessageQueue queue, ForceCounter counter, Optional<WorkDirectory> directory) {
        this.engine = engine;
        this.queue = queue;
        this.counter = counter;
        this.directory = directory;
    }

    /** Opens an engine with room for backlog and window of the load. */
    public static BenchEngine open(QueueLoad load, Persistence persistence) {
        EngineConfig config = OffHeapRoom.configFor(load, persistence);
        ForceCounter counter = new ForceCounter();
        if (!persistence.isOnDisk()) {
            return withQueue(Engine.inMemory(config), load, persistence, counter, Optional.empty());
        }
        WorkDirectory directory = WorkDirectory.in(persistence.parent(), "millrace-bench");
        try {
            return withQueue(
                    counter.open(directory.path(), persistence.level(), config),
                    load,
                    persistence,
                    counter,
                    Optional.of(directory));
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static BenchEngine withQueue(
            Engine engine,
            QueueLoad load,
            Persistence persistence,
            ForceCounter counter,
            Optional<WorkDirectory> directory) {
        MessageQueue queue = engine.queue(QUEUE, c -> configFor(load, persistence, c));
        return new BenchEngine(engine, queue, counter, directory);
    }

    private static QueueConfig configFor(QueueLoad load, Persistence persistence, QueueConfig defaults) {
        return defaults.withMaxBacklog(load.backlog() + load.window())
                .withMaxMessageBytes(Math.max(load.payloadBytes(), defaults.maxMessageBytes()))
                .withAckDurability(persistence.ackLevel());
    }

    /** Its queue, which refuses more than backlog and window of the load. */
    MessageQueue queue() {
        return queue;
    }

    /** System calls so far that forced a file. */
    public long forces() {
        return counter.forces();
    }

    /** Messages in the queue, in whatever state; exact when nobody is at work. */
    public long left() {
        QueueStats stats = queue.admin().stats();
        return stats.visible() + stats.inFlight() + stats.delayed();
    }

    @Override
    public void close() {
        engine.close();
        directory.ifPresent(WorkDirectory::close);
    }
}
