package io.millrace.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Tasks that begin together, each on a thread of its own. Used once, by one thread. */
final class Round {
    private final List<Meter> meters = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch ready;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean cancelled;

    private Round(List<Task> tasks) {
        ready = new CountDownLatch(tasks.size());
        for (Task task : tasks) {
            Meter meter = new Meter(this);
            meters.add(meter);
            Thread thread = new Thread(() -> run(task, meter), "bench-" + meters.size());
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    /**
     * Runs the tasks to their ends.
     *
     * @throws InterruptedException if the calling thread is interrupted; the tasks have returned by then
     * @throws IllegalStateException if a task failed
     */
    static Round run(List<Task> tasks) throws InterruptedException {
        Round round = new Round(tasks);
        round.threads.forEach(Thread::start);
        try {
            round.join();
        } catch (InterruptedException e) {
            round.cancel();
            round.join();
            throw e;
        }
        Throwable failure = round.failure.get();
        if (failure != null) {
            throw new IllegalStateException("a thread of the benchmark failed: " + failure.getMessage(), failure);
        }
        return round;
    }

    private void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** A task that fails takes the others with it: they would wait for its messages. */
    private void run(Task task, Meter meter) {
        try {
            task.run(meter);
        } catch (InterruptedException e) {
            cancel();
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            cancel();
        }
    }

    void awaitOthers() throws InterruptedException {
        ready.countDown();
        ready.await();
    }

    private void cancel() {
        cancelled = true;
        while (ready.getCount() > 0) {
            ready.countDown();
        }
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Nanoseconds from the first start to the last end. */
    long elapsedNs() {
        long startedNs = Long.MAX_VALUE;
        long endedNs = Long.MIN_VALUE;
        for (Meter meter : meters) {
            startedNs = Math.min(startedNs, meter.startedNs());
            endedNs = Math.max(endedNs, meter.endedNs());
        }
        return endedNs - startedNs;
    }

    /** Bytes that the threads allocated on the heap. */
    long allocatedBytes() {
        return meters.stream().mapToLong(Meter::allocatedBytes).sum();
    }
}
