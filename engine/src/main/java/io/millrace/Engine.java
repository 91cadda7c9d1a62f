package io.millrace;

import io.millrace.api.Catalog;
import io.millrace.api.Durability;
import io.millrace.api.EngineClock;
import io.millrace.api.EngineConfig;
import io.millrace.api.EngineStats;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * An engine: queues in this process, off the heap, in memory or on a directory. Thread-safe.
 *
 * <pre>{@code
 * try (Engine engine = Engine.inMemory()) {
 *     MessageQueue orders = engine.queue("orders");
 *     orders.send("order 42");
 *     for (Delivery delivery : orders.receive(10)) {
 *         System.out.println(delivery.text());
 *         delivery.ack();
 *     }
 * }
 * }</pre>
 *
 * <p>Whatever is used after {@link #close()} throws {@link io.millrace.api.EngineClosedException}.
 */
public interface Engine extends AutoCloseable {
    /** Opens an engine whose messages live in memory and are gone with the process, with the default configuration. */
    static Engine inMemory() {
        return inMemory(EngineConfig.defaults());
    }

    /**
     * Opens an engine whose messages live in memory and are gone with the process.
     *
     * @param config limits and clock, not null
     */
    static Engine inMemory(EngineConfig config) {
        return OpenEngine.inMemory(config);
    }

    /**
     * Opens an engine on a directory with the default configuration.
     *
     * @see #open(Path, Durability, EngineConfig)
     */
    static Engine open(Path directory, Durability durability) {
        return open(directory, durability, EngineConfig.defaults());
    }

    /**
     * Opens an engine on a directory, where it finds the queues and messages that it had there before. One process opens a
     * directory at a time. A directory that does not exist is created, its parent is not.
     *
     * @param directory where the engine keeps its files, and nobody else keeps any; not null
     * @param durability what messages survive, {@link Durability#PROCESS_CRASH} or {@link Durability#POWER_LOSS}; it may
     *     differ from the last time
     * @param config limits, clock, and what the directory may be, not null
     * @throws IllegalArgumentException if the durability is {@link Durability#MEMORY}
     * @throws io.millrace.api.DirectoryInUseException if an engine is open on it
     * @throws io.millrace.api.NotEngineDirectoryException if it holds something else
     * @throws io.millrace.api.DirectoryFormatException if another build wrote it
     * @throws io.millrace.api.DirectoryDamagedException if its manifest is damaged
     * @throws io.millrace.api.CorruptLogException if its log is
     * @throws io.millrace.api.UnsafeDirectoryException if others may write there, or it is not what it seems
     * @throws io.millrace.api.ReadOnlyDirectoryException if this user may not write there
     * @throws io.millrace.api.NoSpaceException if the disk is full
     * @throws IllegalStateException if the off-heap limit is too small for the messages
     */
    static Engine open(Path directory, Durability durability, EngineConfig config) {
        return OpenEngine.open(directory, durability, config);
    }

    /**
     * The queue of that name, which is created with the default configuration if it does not exist.
     *
     * @param name 1 to 80 characters of {@code [A-Za-z0-9_-]}
     * @throws IllegalArgumentException if the name is not a queue's
     */
    MessageQueue queue(String name);

    /**
     * The queue of that name, which is created with {@code config} if it does not exist.
     *
     * @throws io.millrace.api.ConfigurationConflictException if it exists and differs in any component
     */
    MessageQueue queue(String name, QueueConfig config);

    /**
     * The queue of that name, which is created with what {@code change} makes of the default configuration if it does not
     * exist. For a queue that exists, {@code change} is given its present configuration and must make no difference.
     *
     * @throws io.millrace.api.ConfigurationConflictException if it exists and would differ
     */
    MessageQueue queue(String name, UnaryOperator<QueueConfig> change);

    /** What there is, by name. */
    Catalog catalog();

    /** Figures of the whole engine; estimates while it works. */
    EngineStats stats();

    /** The clock that the engine was opened with. */
    EngineClock clock();

    /**
     * Ends the engine and frees its memory. Waits until the operations in progress have returned; parked receives fail with
     * {@link io.millrace.api.EngineClosedException}; listeners are stopped. Memory of which a view is lent at that moment
     * is freed when the loan ends. Does nothing if already closed.
     */
    @Override
    void close();
}
