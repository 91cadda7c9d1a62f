package io.millrace.behaviour;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Something that runs on a thread of its own beside a test. Thread-safe. */
final class Background<T> {
    private static final long PATIENCE_S = 20;

    private final FutureTask<T> task;
    private final Thread thread;

    private Background(Callable<T> work) {
        task = new FutureTask<>(work);
        thread = new Thread(task, "background");
        thread.start();
    }

    static <T> Background<T> run(Callable<T> work) {
        return new Background<>(work);
    }

    void interrupt() {
        thread.interrupt();
    }

    boolean isDone() {
        return task.isDone();
    }

    /** What the work returned; its exception is thrown here. The thread has ended after this. */
    T result() throws Exception {
        try {
            return task.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception exception ? exception : e;
        } catch (TimeoutException e) {
            AssertionError stuck = new AssertionError("the work does not end");
            stuck.setStackTrace(thread.getStackTrace());
            throw stuck;
        } finally {
            thread.interrupt();
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        }
    }

    /** Waits until something is so, and fails if it does not become so. */
    static void await(String what, BooleanSupplier isSo) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("did not happen: " + what);
            }
            LockSupport.parkNanos(50_000L);
        }
    }
}
