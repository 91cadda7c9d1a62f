package io.millrace.core;

import io.millrace.api.EngineClosedException;
import io.millrace.api.EngineConfig;
import io.millrace.api.EngineFailedException;
import io.millrace.api.EngineMetrics;
import io.millrace.api.NoSpaceException;
import io.millrace.core.concurrent.Backoff;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.conductor.Conductor;
import io.millrace.core.directory.EngineDirectory;
import io.millrace.core.directory.ReceiptKey;
import io.millrace.core.log.Cleaner;
import io.millrace.core.log.LogRecovery;
import io.millrace.core.log.RecordLog;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import io.millrace.core.memory.Region;
import io.millrace.core.slot.BlockPool;
import io.millrace.core.time.DeadlineTree;
import io.millrace.core.time.EngineTime;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What all queues of an engine share: gate, memory, log, time and the conductor. Thread-safe.
 *
 * <p>Closing turns newcomers away, waits until the last operation has left, and frees all memory; if views are lent at
 * that moment, whoever ends the last loan frees it.
 */
public final class EngineCore {
    /** Segments that a caller cleans who has found no memory: a few milliseconds. */
    private static final int MOST_CLEANED = 8;

    /** Time between two looks whether there is room on a disk that was full. */
    private static final long ROOM_RETRY_MS = 100;

    private static final int ROUNDS_BEFORE_REUSE = 2;

    private final EngineMetrics metrics;
    private final EngineTime time;
    private final OperationGate gate = new OperationGate();
    private final Allocator allocator;
    private final BlockPool pool;
    private final RecordLog log;
    private final Conductor conductor;
    private final Cleaner cleaner;
    private final @Nullable EngineDirectory directory;
    private final long engineId;
    private final ReceiptKey receiptKey;
    private final AtomicLong queueNumbers = new AtomicLong();
    private final AtomicBoolean released = new AtomicBoolean();
    private final AtomicBoolean lookingForRoom = new AtomicBoolean();
    private final AtomicBoolean trimming = new AtomicBoolean();
    private volatile boolean started;
    private final AtomicReference<@Nullable EngineFailedException> failure = new AtomicReference<>();
    private volatile Consumer<EngineFailedException> onFailure = failed -> {};

    /** An engine in memory. */
    public EngineCore(EngineConfig config) {
        this(config, null);
    }

    /** An engine on a directory, which it closes with itself; {@link #recover} comes before everything else. */
    public EngineCore(EngineConfig config, @Nullable EngineDirectory directory) {
        final SecureRandom random = new SecureRandom();
        this.directory = directory;
        engineId = directory == null ? random.nextLong() : directory.directoryId();
        receiptKey = directory == null ? ReceiptKey.random(random) : directory.receiptKey();
        metrics = config.metrics();
        time = new EngineTime(config.clock(), directory == null ? 0 : directory.persistedTimeMs());
        final long limit = config.offHeapLimit();
        final long reserve = directory == null ? (long) RecordLog.fullCapacity(limit) + Region.ALIGNMENT : 0;
        allocator = new Allocator(new MemoryBudget(limit, reserve));
        final int slabs = BlockPool.slabCapacity(config.offHeapLimit());
        pool = new BlockPool(allocator, gate, new DeadlineTree(slabs), slabs);
        log = directory == null
                ? new RecordLog(allocator, gate, random.nextInt())
                : RecordLog.in(directory, gate, time.isStepped(), this::wakeToPrepare);
        conductor = new Conductor(time, gate, pool, this::keepHouse, this::pageFailed);
        if (directory != null) {
            directory.onFailure(this::failed);
        }
        cleaner = new Cleaner(log, conductor::relocate);
    }

    /** Shows what an earlier run left in the log; engine time goes on behind the latest of it. */
    public LogRecovery.Report recover(LogRecovery.Visitor visitor) {
        final LogRecovery.Report report = log.recover(visitor);
        time.raise(report.newestMs());
        if (report.tornRecords() > 0) {
            LoggerFactory.getLogger(EngineCore.class)
                    .info(
                            "an end without warning left records that were not whole; nobody was told that they are there:"
                                    + " records={} bytes={}",
                            report.tornRecords(),
                            report.tornBytes());
        }
        return report;
    }

    private void wakeToPrepare() {
        conductor.wake();
    }

    private boolean keepHouse(long nowMs) {
        if (log.trim(nowMs)) {
            trimLater(nowMs);
        }
        log.prepareAhead();
        if (log.isFull()) {
            lookForRoom();
        }
        log.advanceMarks(nowMs);
        return cleaner.run(nowMs);
    }

    /**
     * Cleans a few segments for a caller who found no memory and will try once more; the conductor does the rest. Waits while
     * another thread is cleaning. Called outside the gate.
     */
    public void makeRoom() {
        boolean more = true;
        try {
            for (int i = 0; i < MOST_CLEANED && more; i++) {
                more = cleaner.runNow(gate, time.nowMs()); // one a visit, so that the next may use what it emptied
            }
        } catch (InternalError e) {
            throw pageFailed(e);
        }
        if (more) {
            conductor.wake();
        }
        driveRounds();
        if (log.isFull()) {
            lookForRoom();
        }
        conductor.runDeferred();
    }

    /** Wakes the housekeeper, who may find nothing else to do; what he waits for may be rounds that nobody else needs. */
    private void trimLater(long nowMs) {
        if (trimming.compareAndSet(false, true)) {
            conductor.schedule(nowMs + RecordLog.TRIM_INTERVAL_MS, () -> {
                trimming.set(false);
                driveRounds();
            });
        }
    }

    /** What was emptied can be used again two rounds later, and where sends are refused nobody else asks for any. */
    private void driveRounds() {
        for (int i = 0; i < ROUNDS_BEFORE_REUSE && log.needsRounds(); i++) {
            awaitForced();
        }
    }

    /** Sees to it that somebody tries again until there is room: nobody tells when there is. */
    private void lookForRoom() {
        if (lookingForRoom.compareAndSet(false, true)) {
            conductor.schedule(time.nowMs() + ROOM_RETRY_MS, this::lookForRoomOnce);
        }
    }

    private void lookForRoomOnce() {
        try {
            driveRounds();
            inside(log::lookForRoom);
        } finally {
            lookingForRoom.set(false);
            if (log.isFull() && !gate.isClosed()) {
                lookForRoom();
            }
        }
    }

    /** Starts housekeeping. */
    public void start() {
        if (directory != null) {
            directory.recovered();
        }
        started = true;
        log.prepareAhead();
        conductor.start();
    }

    /** Where figures are shown. */
    public EngineMetrics metrics() {
        return metrics;
    }

    public EngineTime time() {
        return time;
    }

    public OperationGate gate() {
        return gate;
    }

    public BlockPool pool() {
        return pool;
    }

    public RecordLog log() {
        return log;
    }

    public Conductor conductor() {
        return conductor;
    }

    /** Random number that names this engine among others; message ids carry a part of it. */
    public long engineId() {
        return engineId;
    }

    /** What receipts are made with, the same for every run on a directory. */
    public ReceiptKey receiptKey() {
        return receiptKey;
    }

    /** A number that no other queue of this engine has had. */
    public long nextQueueNumber() {
        if (directory == null) {
            return queueNumbers.incrementAndGet();
        }
        try {
            return directory.nextQueueNumber();
        } catch (IOException e) {
            throw directory.noSpace(e);
        }
    }

    /** What to throw when the directory has no room for what cannot be answered with a refusal. */
    public NoSpaceException noSpace() {
        final EngineDirectory full = Objects.requireNonNull(directory, "engine is in memory");
        return full.noSpace(new IOException("no segment could be prepared"));
    }

    /** Enters the gate, or throws; the result goes to {@link #exit}. */
    public int enter() {
        final int word = gate.enter();
        if (word == OperationGate.CLOSED) {
            requireSound();
            throw new EngineClosedException("engine is closed");
        }
        return word;
    }

    // ---- durability -----------------------------------------------------------------------------------------------

    /** Whether effects must be on the disk before they are answered. */
    public boolean isForced() {
        return log.isForced();
    }

    /**
     * Returns when all that this thread has stored is as durable as the engine promises. Called outside the gate.
     *
     * @throws EngineFailedException if the disk does not take it
     */
    public void awaitDurable() {
        if (log.isForced()) {
            awaitForced();
            conductor.runDeferred();
        }
    }

    /** The same for a caller that holds a lock: what has to be done outside of locks is left to him. */
    public void awaitForced() {
        if (!log.isForced()) {
            return;
        }
        try {
            log.commits().await(log.commits().ticket());
        } catch (IOException e) {
            if (failure.get() == null && log.commits().isClosed()) {
                throw new EngineClosedException("engine is closed");
            }
            throw fail("log cannot be forced", e);
        }
    }

    /**
     * Runs an action when all that this thread has stored is as durable as the engine promises: at once, or inside the gate
     * after the next force; somebody sees to it that this is soon. Not at all if the engine ends before. Called inside the gate.
     */
    public void afterForce(Runnable action) {
        if (!log.isForced()) {
            action.run();
            return;
        }
        log.commits().afterForce(() -> carryOut(action));
        conductor.defer(this::awaitDurable);
    }

    /** Whoever leads the round has nothing to do with it, and what is not carried out would be missing for ever. */
    private void carryOut(Runnable action) {
        try {
            inside(action);
        } catch (RuntimeException | Error e) {
            failed(new EngineFailedException("what waited for the disk was not carried out", e));
        }
    }

    /** Runs an action inside the gate, unless the engine is closed, which frees everything. */
    public void inside(Runnable action) {
        final int word = gate.enter();
        if (word == OperationGate.CLOSED) {
            return;
        }
        try {
            action.run();
        } catch (InternalError e) {
            throw pageFailed(e);
        } finally {
            gate.exit(word);
        }
    }

    // ---- failure --------------------------------------------------------------------------------------------------

    /**
     * Fails the engine for good: everybody who comes from now on is turned away with the same exception.
     *
     * @return what to throw
     */
    public EngineFailedException fail(String what, Throwable cause) {
        failed(new EngineFailedException(what, cause));
        return new EngineFailedException(what, cause);
    }

    /** Those who wait are told when the caller has given back what he holds: locks, or his place inside the gate. */
    private void failed(EngineFailedException failed) {
        if (failure.compareAndSet(null, failed)) {
            gate.close();
            conductor.defer(() -> onFailure.accept(failed));
            conductor.wake();
        }
    }

    /** What to throw when an access to memory has failed: a page of a file could not be read, or not be written. */
    public RuntimeException pageFailed(InternalError e) {
        if (directory == null) {
            throw e;
        }
        return fail("a page of the log could not be read or written", e);
    }

    /** Throws if the engine has failed. */
    public void requireSound() {
        final EngineFailedException first = failure.get();
        if (first != null) {
            throw new EngineFailedException("it had failed before", first);
        }
    }

    /** Sets who is told, once, when the engine fails; must not wait. */
    public void onFailure(Consumer<EngineFailedException> action) {
        onFailure = action;
    }

    /** Leaves the gate. */
    public void exit(int word) {
        gate.exit(word);
    }

    public long offHeapBytes() {
        return allocator.budget().usedBytes();
    }

    public long offHeapLimit() {
        return allocator.budget().limitBytes();
    }

    /** Turns newcomers away, stops housekeeping, and frees all memory that is not lent. Idempotent. */
    public void close() {
        gate.close();
        conductor.stop();
        releaseUnlessLent();
    }

    private boolean isOrderly() {
        return started && failure.get() == null;
    }

    private void closeDirectory() {
        if (directory == null) {
            return;
        }
        if (!isOrderly()) {
            directory.close(); // as a crash would leave it
            return;
        }
        try {
            directory.closeClean(time.nowMs());
        } catch (IOException | EngineFailedException e) {
            LoggerFactory.getLogger(EngineCore.class)
                    .warn(
                            "directory could not be closed in order; what it holds is whole: path={}",
                            directory.path(),
                            e);
        }
    }

    /**
     * Frees the memory of a closed engine when the last operation has left, unless a view is lent. Called outside the gate, by
     * the closer and by whoever ends a loan and was turned away at the gate: whoever was let in left before the closer looked.
     * Stress: EngineCoreStress.CloseAgainstSend.
     */
    public void releaseUnlessLent() {
        if (!gate.isClosed()) {
            return;
        }
        final Backoff backoff = new Backoff();
        while (!gate.isEmpty()) {
            backoff.pauseUninterruptibly();
        }
        if (!gate.isLending() && released.compareAndSet(false, true)) {
            pool.release();
            try {
                if (isOrderly()) {
                    log.markAll();
                }
            } catch (InternalError e) {
                failed(new EngineFailedException(
                        "a page of the log could not be read", e)); // so it ends as a crash would
            } finally {
                log.release();
                closeDirectory();
            }
        }
    }
}
