package io.millrace;

import io.millrace.api.Catalog;
import io.millrace.api.Durability;
import io.millrace.api.EngineClock;
import io.millrace.api.EngineConfig;
import io.millrace.api.EngineStats;
import io.millrace.api.Page;
import io.millrace.api.check.Arguments;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.core.EngineCore;
import io.millrace.core.directory.EngineDirectory;
import io.millrace.core.file.FileHook;
import io.millrace.core.log.RecordLog;
import io.millrace.queue.QueueRecovery;
import io.millrace.queue.QueueRegistry;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An engine: core and queues put together. Thread-safe. */
final class OpenEngine implements Engine {
    private final EngineCore core;
    private final QueueRegistry queues;
    private final EngineClock clock;
    private final Catalog catalog = new QueueCatalog();
    private final EngineMeters meters;

    private OpenEngine(EngineConfig config, EngineCore core) {
        this.core = core;
        queues = new QueueRegistry(core);
        clock = config.clock();
        meters = new EngineMeters(config.metrics(), this::stats);
    }

    static Engine inMemory(EngineConfig config) {
        Arguments.notNull("config", config);
        OpenEngine engine = new OpenEngine(config, new EngineCore(config));
        engine.start();
        return engine;
    }

    static Engine open(Path path, Durability durability, EngineConfig config) {
        return open(path, durability, config, FileHook.NONE);
    }

    /** The same with a hook on the system calls, for tests of errors and of crashes. */
    static Engine open(Path path, Durability durability, EngineConfig config, FileHook hook) {
        Arguments.notNull("path", path);
        Arguments.notNull("config", config);
        if (Arguments.notNull("durability", durability) == Durability.MEMORY) {
            throw new IllegalArgumentException("an engine on a directory needs a durability that lasts: durability="
                    + durability + "; for one in memory there is Engine.inMemory()");
        }
        EngineDirectory directory = EngineDirectory.open(path, durability, config, hook);
        OpenEngine engine = null;
        boolean started = false;
        try {
            engine = new OpenEngine(config, new EngineCore(config, directory));
            engine.recover(config);
            engine.start();
            started = true;
            return engine;
        } finally {
            if (!started) {
                closeFailed(engine, directory);
            }
        }
    }

    private static void closeFailed(@Nullable OpenEngine engine, EngineDirectory directory) {
        if (engine == null) {
            directory.close();
        } else {
            engine.close();
        }
    }

    private void recover(EngineConfig config) {
        QueueRecovery recovery = new QueueRecovery(core, queues, config.inFlightAtRestart());
        try {
            core.recover(recovery);
            recovery.finish();
        } catch (InternalError e) {
            throw core.pageFailed(e);
        }
    }

    private void start() {
        core.start();
        meters.register();
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
