package io.millrace.queue.waiting;

import io.millrace.api.queue.Delivery;
import io.millrace.core.conductor.Timers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One parked receive. Thread-safe; whoever completes the future first decides what becomes of it. */
public final class Waiter {
    private final int max;
    private final long hiddenMs;
    private final CompletableFuture<List<Delivery>> future = new CompletableFuture<>();
    private volatile Timers.@Nullable Timer timer;

    /**
     * @param max most messages it takes
     * @param hiddenMs visibility timeout of what it takes
     */
    Waiter(int max, long hiddenMs) {
        this.max = max;
        this.hiddenMs = hiddenMs;
    }

    public int max() {
        return max;
    }

    public long hiddenMs() {
        return hiddenMs;
    }

    public CompletableFuture<List<Delivery>> future() {
        return future;
    }

    void timer(Timers.Timer scheduled) {
        timer = scheduled;
        if (future.isDone()) {
            scheduled.cancel();
        }
    }

    void cancelTimer() {
        final Timers.Timer scheduled = timer;
        if (scheduled != null) {
            scheduled.cancel();
        }
    }
}
