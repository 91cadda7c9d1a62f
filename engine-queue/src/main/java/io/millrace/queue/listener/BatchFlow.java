package io.millrace.queue.listener;

import io.millrace.api.EngineClosedException;
import io.millrace.api.EngineFailedException;
import io.millrace.api.queue.ConsumerConfig;
import io.millrace.api.queue.Delivery;
import io.millrace.core.EngineCore;
import io.millrace.core.time.EngineTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one listener on their way: being collected, waiting for their handler, with it. Thread-safe.
 *
 * <p>A batch is begun only while a handler is free, and holds it until its last message has ended. Batches without a window
 * are collected side by side, one for each free handler; with a window one after the other, so that messages that trickle
 * in fill one batch instead of opening many.
 */
// One lock guards everything here, in the collectors and in the running handlers. It is never held while the queue is
// called, a future completed or
// cancelled, or a handler run, since each of these may come back here or take locks of its own.
final class BatchFlow {
    /** How long a batch that could not be received for want of memory waits for the next try. */
    private static final long RETRY_MS = 1_000L;

    private enum State {
        COLLECTING,
        PAUSED,
        CLOSED
    }

    private final BatchSource source;
    private final EngineCore core;
    private final ConsumerConfig config;
    private final Runnable onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ready = lock.newCondition(); // a batch waits for its handler, or closed
    private final RunningHandlers handlers = new RunningHandlers(lock);
    private final Set<Collector> collectors = new HashSet<>();
    private final ArrayDeque<CollectedBatch> complete = new ArrayDeque<>();
    private State state = State.PAUSED;
    private int freeHandlers;

    /** @param onClose called once, by whoever closes, without the lock */
    BatchFlow(BatchSource source, EngineCore core, ConsumerConfig config, Runnable onClose) {
        this.source = source;
        this.core = core;
        this.config = config;
        this.onClose = onClose;
        this.freeHandlers = config.concurrency();
    }

    BatchSource source() {
        return source;
    }

    EngineTime time() {
        return core.time();
    }

    ReentrantLock lock() {
        return lock;
    }

    RunningHandlers handlers() {
        return handlers;
    }

    // ---- collecting -----------------------------------------------------------------------------------------------

    /** Begins as many batches as there are handlers for. */
    void collect() {
        for (Collector next = begin(); next != null; next = begin()) {
            next.receive();
        }
    }

    private @Nullable Collector begin() {
        lock.lock();
        try {
            final int most = config.batchWindow().isZero() ? config.concurrency() : 1;
            if (state != State.COLLECTING || freeHandlers == 0 || collectors.size() == most) {
                return null;
            }
            final Collector collector =
                    new Collector(this, config.batchSize(), config.batchWindow().toMillis());
            collectors.add(collector);
            freeHandlers--;
            return collector;
        } finally {
            lock.unlock();
        }
    }

    /** A batch waits for its handler; called with the lock held. */
    void completed(Collector collector, CollectedBatch batch) {
        collectors.remove(collector);
        complete.add(batch);
        ready.signal();
    }

    /** A receive has failed, though the queue is there: tries again after a while, with a new batch. */
    void collectLater(Collector collector, Throwable failure) {
        ListenerLog.LOGGER.error(
                "listener could not receive; it tries again in {} ms: queue={}", RETRY_MS, source.name(), failure);
        final List<Delivery> unhanded = new ArrayList<>();
        lock.lock();
        try {
            if (collectors.remove(collector)) {
                collector.drop(unhanded, new ArrayList<>()); // no receive waits: it has just failed
                freeHandlers++;
            }
        } finally {
            lock.unlock();
        }
        giveBack(unhanded);
        core.conductor().schedule(time().nowMs() + RETRY_MS, this::collect);
    }

    void giveBack(List<Delivery> deliveries) {
        try {
            if (!deliveries.isEmpty()) {
                source.giveBack(deliveries);
            }
        } catch (EngineClosedException | EngineFailedException e) {
            close(); // the messages are gone with the queue
        }
    }

    // ---- states ---------------------------------------------------------------------------------------------------

    boolean isCollecting() {
        return is(State.COLLECTING);
    }

    boolean isClosed() {
        return is(State.CLOSED);
    }

    private boolean is(State asked) {
        lock.lock();
        try {
            return state == asked;
        } finally {
            lock.unlock();
        }
    }

    void resume() {
        lock.lock();
        try {
            requireOpen(state);
            state = State.COLLECTING;
        } finally {
            lock.unlock();
        }
        collect();
    }

    /** Stops collecting, and gives back what was not handed to a handler. */
    void pause() {
        requireOpen(stop(State.PAUSED));
    }

    private void requireOpen(State now) {
        if (now == State.CLOSED) {
            throw new EngineClosedException("listener", source.name());
        }
    }

    /** Pauses for good, and lets the threads end that have no batch; false if it was closed already. */
    boolean close() {
        if (stop(State.CLOSED) == State.CLOSED) {
            return false;
        }
        onClose.run();
        return true;
    }

    /** Returns the state before; nothing leads out of CLOSED. */
    private State stop(State next) {
        final State before;
        final List<Delivery> unhanded = new ArrayList<>();
        final List<CompletableFuture<List<Delivery>>> waiting = new ArrayList<>();
        lock.lock();
        try {
            before = state;
            if (before == State.CLOSED || before == next) {
                return before;
            }
            state = next;
            freeHandlers += collectors.size() + complete.size();
            collectors.forEach(collector -> collector.drop(unhanded, waiting));
            collectors.clear();
            complete.forEach(batch -> unhanded.addAll(batch.deliveries()));
            complete.clear();
            ready.signalAll(); // if closed, threads without a batch end
        } finally {
            lock.unlock();
        }
        waiting.forEach(future -> future.cancel(false));
        giveBack(unhanded);
        return before;
    }

    // ---- handing over, called by the listener's threads -----------------------------------------------------------

    /** Waits for a batch, which is the caller's until {@link #done}; null if closed. */
    @Nullable
    CollectedBatch take() {
        lock.lock();
        try {
            while (complete.isEmpty()) {
                if (state == State.CLOSED) {
                    return null;
                }
                ready.awaitUninterruptibly();
            }
            final CollectedBatch batch = complete.remove();
            handlers.begin(batch);
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The messages of a batch have ended. The batch that comes next is begun before the figures tell that this one is over:
     * whoever reads them finds the listener waiting for messages.
     */
    void done(CollectedBatch batch, int acked, int failed) {
        lock.lock();
        try {
            freeHandlers++;
        } finally {
            lock.unlock();
        }
        try {
            collect();
        } finally {
            handlers.end(batch, acked, failed);
        }
    }
}
