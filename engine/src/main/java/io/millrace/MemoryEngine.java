package io.millrace;

import io.millrace.api.Catalog;
import io.millrace.api.EngineClock;
import io.millrace.api.EngineConfig;
import io.millrace.api.EngineStats;
import io.millrace.api.Page;
import io.millrace.api.check.Arguments;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.core.EngineCore;
import io.millrace.core.log.RecordLog;
import io.millrace.queue.QueueRegistry;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** An engine in memory: core and queues put together. Thread-safe. */
final class MemoryEngine implements Engine {
    private final EngineCore core;
    private final QueueRegistry queues;
    private final EngineClock clock;
    private final Catalog catalog = new QueueCatalog();
    private final EngineMeters meters;

    private MemoryEngine(EngineConfig config) {
        core = new EngineCore(config);
        queues = new QueueRegistry(core);
        clock = config.clock();
        meters = new EngineMeters(config.metrics(), this::stats);
    }

    static Engine open(EngineConfig config) {
        MemoryEngine engine = new MemoryEngine(Arguments.notNull("config", config));
        engine.core.start();
        engine.meters.register();
        return engine;
    }

    @Override
    public MessageQueue queue(String name) {
        return queues.open(name);
    }

    @Override
    public MessageQueue queue(String name, QueueConfig config) {
        return queues.open(name, config);
    }

    @Override
    public MessageQueue queue(String name, UnaryOperator<QueueConfig> change) {
        return queues.open(name, change);
    }

    @Override
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public EngineStats stats() {
        RecordLog.Usage usage = core.log().usage();
        return new EngineStats(
                queues.size(),
                core.offHeapBytes(),
                core.offHeapLimit(),
                usage.segments(),
                usage.liveBytes(),
                usage.totalBytes(),
                core.pool().blocksInUse(),
                core.conductor().cycles());
    }

    @Override
    public EngineClock clock() {
        return clock;
    }

    @Override
    public void close() {
        queues.close();
        meters.remove();
        core.close();
    }

    /** Queues by name. */
    private final class QueueCatalog implements Catalog {
        @Override
        public boolean exists(String queue) {
            return queues.exists(queue);
        }

        @Override
        public Page<String> list(String prefix, int limit) {
            return queues.list(prefix, limit, Optional.empty());
        }

        @Override
        public Page<String> list(String prefix, int limit, String token) {
            return queues.list(prefix, limit, Optional.of(Arguments.notNull("token", token)));
        }

        @Override
        public void delete(String queue) {
            queues.delete(queue);
        }
    }
}
