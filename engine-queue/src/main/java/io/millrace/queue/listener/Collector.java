package io.millrace.queue.listener;

import io.millrace.api.EngineClosedException;
import io.millrace.api.EngineFailedException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.QueueConfig;
import io.millrace.core.conductor.Timers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Collects one batch: receives until there are enough messages, or the window since the first is over. Thread-safe; its
 * fields are guarded by the lock of its flow, and it calls the queue without it.
 *
 * <p>It has no thread. Each receive goes on where the one before it completed, so the window begins, and the receive that
 * is to end with it waits, before whoever sent the first message gets on.
 */
final class Collector {
    private final BatchFlow flow;
    private final int batchSize;
    private final long windowMs;
    private final List<Delivery> collected = new ArrayList<>();
    private boolean open = true;
    private long receivedMs;
    private long untilMs = Timers.NONE;
    private @Nullable CompletableFuture<List<Delivery>> receiving;

    Collector(BatchFlow flow, int batchSize, long windowMs) {
        this.flow = flow;
        this.batchSize = batchSize;
        this.windowMs = windowMs;
    }

    /** Receives until the batch is complete or a receive waits, which goes on when it is served. */
    void receive() {
        try {
            while (isOpen()) {
                final CompletableFuture<List<Delivery>> next = ask();
                if (!next.isDone()) {
                    await(next);
                    return;
                }
                var unused = next.whenComplete(this::onReceived);
            }
        } catch (RuntimeException | Error e) {
            onFailure(e);
        }
    }

    /** Goes on after a receive that waited, on the thread that served it. */
    private void resume(@Nullable List<Delivery> deliveries, @Nullable Throwable failure) {
        onReceived(deliveries, failure);
        receive();
        flow.collect();
    }

    private boolean isOpen() {
        flow.lock().lock();
        try {
            return open;
        } finally {
            flow.lock().unlock();
        }
    }

    /** The timeout also covers the window, so that nothing collected comes back before it is handed over. */
    private CompletableFuture<List<Delivery>> ask() {
        final QueueConfig config = flow.source().config();
        final long hiddenMs = Math.min(
                config.visibilityTimeout().toMillis() + windowMs,
                config.visibilityCap().toMillis());
        final int room;
        final long waitUntilMs;
        flow.lock().lock();
        try {
            room = batchSize - collected.size();
            waitUntilMs = untilMs;
        } finally {
            flow.lock().unlock();
        }
        return flow.source().receive(room, hiddenMs, waitUntilMs);
    }

    private void await(CompletableFuture<List<Delivery>> next) {
        final boolean wanted;
        flow.lock().lock();
        try {
            wanted = open;
            receiving = next;
        } finally {
            flow.lock().unlock();
        }
        var unused = next.whenComplete(this::resume);
        if (!wanted) {
            next.cancel(false);
        }
    }

    private void onReceived(@Nullable List<Delivery> deliveries, @Nullable Throwable failure) {
        try {
            if (deliveries != null) {
                add(deliveries);
            } else if (failure != null && !(failure instanceof CancellationException)) {
                onFailure(failure);
            }
        } catch (RuntimeException | Error e) {
            onFailure(e); // a future would swallow it
        }
    }

    private void onFailure(Throwable failure) {
        if (failure instanceof EngineClosedException || failure instanceof EngineFailedException) {
            flow.close();
        } else {
            flow.collectLater(this, failure);
        }
    }

    private void add(List<Delivery> deliveries) {
        flow.lock().lock();
        try {
            receiving = null;
            if (open) {
                collect(deliveries);
                return;
            }
        } finally {
            flow.lock().unlock();
        }
        flow.giveBack(deliveries);
    }

    private void collect(List<Delivery> deliveries) {
        final long nowMs = flow.time().nowMs();
        if (collected.isEmpty() && !deliveries.isEmpty()) {
            receivedMs = nowMs;
            untilMs = flow.time().after(nowMs, windowMs);
        }
        collected.addAll(deliveries);
        if (collected.size() == batchSize || nowMs >= untilMs) {
            open = false;
            flow.completed(this, new CollectedBatch(collected, receivedMs));
        }
    }

    /**
     * Ends without a batch; called with the lock held.
     *
     * @param unhanded gets what was collected
     * @param waiting gets the receive that waits, to be cancelled without the lock
     */
    void drop(List<Delivery> unhanded, List<CompletableFuture<List<Delivery>>> waiting) {
        open = false;
        unhanded.addAll(collected);
        if (receiving != null) {
            waiting.add(receiving);
        }
    }
}
