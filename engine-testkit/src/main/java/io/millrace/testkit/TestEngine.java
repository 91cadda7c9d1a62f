package io.millrace.testkit;

import io.millrace.Engine;
import io.millrace.api.Catalog;
import io.millrace.api.Durability;
import io.millrace.api.EngineClock;
import io.millrace.api.EngineConfig;
import io.millrace.api.EngineStats;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * A real engine on a {@link ManualClock}: nothing in it happens by itself, it starts no thread, and every run of a test is the
 * same. Thread-safe.
 *
 * <pre>{@code
 * try (TestEngine engine = TestEngine.inMemory()) {
 *     MessageQueue orders = engine.queue("orders");
 *     orders.send(Message.text("later").withDelay(Duration.ofMinutes(5)));
 *     engine.clock().advance(Duration.ofMinutes(5));
 *     assertEquals("later", orders.receive(1).get(0).text());
 * }
 * }</pre>
 *
 * <p>Where an engine would wait for room before it refuses a message, one on a manual clock refuses at once.
 */
public final class TestEngine implements Engine {
    /** Those that hold memory, for {@link LeakCheck}. */
    private static final Set<TestEngine> HOLDING = ConcurrentHashMap.newKeySet();

    private final Engine engine;
    private final ManualClock clock;
    private volatile boolean closed;

    private TestEngine(Engine engine, ManualClock clock) {
        this.engine = engine;
        this.clock = clock;
    }

    /**
     * Opens an engine in memory with the default configuration and a clock of its own.
     *
     * @return the engine, to be closed by the caller
     */
    public static TestEngine inMemory() {
        return inMemory(EngineConfig.defaults());
    }

    /**
     * Opens an engine in memory.
     *
     * @param config limits and clock, not null. Its clock may be a {@link ManualClock}, which several engines may share; the
     *     clock of the machine is replaced by a new manual one
     * @return the engine, to be closed by the caller
     * @throws IllegalArgumentException if the clock is neither
     */
    public static TestEngine inMemory(EngineConfig config) {
        final ManualClock clock = manual(config.clock());
        return holding(new TestEngine(Engine.inMemory(config.withClock(clock)), clock));
    }

    /**
     * Opens an engine on a directory with the default configuration and a clock of its own, which starts at the same instant
     * as that of any other.
     *
     * @param directory where the engine keeps its files, not null
     * @param durability what messages survive, not null
     * @return the engine, to be closed by the caller
     */
    public static TestEngine open(Path directory, Durability durability) {
        return open(directory, durability, EngineConfig.defaults());
    }

    /**
     * Opens an engine on a directory.
     *
     * @param directory where the engine keeps its files, not null
     * @param durability what messages survive, not null
     * @param config limits and clock, not null. Its clock may be a {@link ManualClock}; the clock of the machine is replaced by
     *     a new manual one
     * @return the engine, to be closed by the caller
     * @throws IllegalArgumentException if the clock is neither
     * @throws io.millrace.api.DirectoryException if the directory cannot be opened, see {@link Engine#open(Path, Durability,
     *     EngineConfig)}
     */
    public static TestEngine open(Path directory, Durability durability, EngineConfig config) {
        final ManualClock clock = manual(config.clock());
        return holding(new TestEngine(Engine.open(directory, durability, config.withClock(clock)), clock));
    }

    private static TestEngine holding(TestEngine opened) {
        HOLDING.add(opened);
        return opened;
    }

    private static ManualClock manual(EngineClock clock) {
        if (clock instanceof ManualClock manual) {
            return manual;
        }
        if (clock == EngineClock.system()) {
            return new ManualClock();
        }
        throw new IllegalArgumentException("clock must be a ManualClock: clock=" + clock);
    }

    /** Those that are open, or closed and still lend memory. */
    static Set<TestEngine> holding() {
        HOLDING.removeIf(engine -> engine.closed && engine.offHeapBytes() == 0);
        return Set.copyOf(HOLDING);
    }

    boolean isClosed() {
        return closed;
    }

    long offHeapBytes() {
        return engine.stats().offHeapBytes();
    }

    @Override
    public MessageQueue queue(String name) {
        return engine.queue(name);
    }

    @Override
    public MessageQueue queue(String name, QueueConfig config) {
        return engine.queue(name, config);
    }

    @Override
    public MessageQueue queue(String name, UnaryOperator<QueueConfig> change) {
        return engine.queue(name, change);
    }

    @Override
    public Catalog catalog() {
        return engine.catalog();
    }

    @Override
    public EngineStats stats() {
        return engine.stats();
    }

    @Override
    public ManualClock clock() {
        return clock;
    }

    @Override
    public void close() {
        engine.close();
        closed = true;
    }

    @Override
    public String toString() {
        return "TestEngine[queues=" + engine.stats().queues() + ", now=" + clock.now() + "]";
    }
}
