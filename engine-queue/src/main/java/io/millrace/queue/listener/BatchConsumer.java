package io.millrace.queue.listener;

import io.millrace.api.check.Arguments;
import io.millrace.api.queue.ConsumerConfig;
import io.millrace.api.queue.ConsumerStats;
import io.millrace.api.queue.MessageHandler;
import io.millrace.api.queue.QueueConsumer;
import io.millrace.core.EngineCore;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A listener of a queue. Thread-safe.
 *
 * <p>It has one daemon thread for each handler that may run at the same time, started with the listener and named {@code
 * millrace-consumer-<queue>-<listener>-<n>}; they run handlers and end messages. Waiting for messages costs no thread: a receive that
 * waits at the queue is completed by whoever sends, and a window by whoever runs what is due. So messages wait in the queue
 * and not here, and nothing looks again and again.
 *
 * <p>Closing and draining count a handler that waits for other handlers in such a call as one that does not run, so
 * handlers that drain or close at the same time do not wait for each other.
 *
 * <h2>On a stepped clock</h2>
 *
 * Windows, back-off and visibility timeouts follow the engine's clock; handlers run on their threads in real time, during
 * which the clock stands still unless the test moves it. What happens when is certain all the same, provided that the clock
 * is moved only while the listener rests:
 *
 * <ul>
 *   <li>When {@code consume}, {@code resume}, a send or a move of the clock returns, a free handler's receive waits at the
 *       queue, has begun a window at exactly this instant, or has a complete batch, which goes to its handler.
 *   <li>When {@link #stats()} counts a batch, its messages have ended, each back-off included, and the next receive waits.
 *       A test waits for that, in real time and with a bound, and then moves the clock to the next instant that matters.
 *   <li>When {@link #pause} returns, nothing is received any more, and what no handler has is back in the queue.
 * </ul>
 */
public final class BatchConsumer implements QueueConsumer {
    private final String queue;
    private final Duration drainTimeout;
    private final BatchFlow flow;
    private final List<HandlerThread> threads;

    /**
     * A listener that has yet to be started.
     *
     * @param number tells this listener of the queue from the others, in the names of its threads
     */
    public BatchConsumer(
            BatchSource source, EngineCore core, ConsumerConfig config, MessageHandler handler, long number) {
        this.queue = source.name();
        this.drainTimeout = config.drainTimeout();
        this.flow = new BatchFlow(source, core, config, () -> source.closed(this));
        this.threads = IntStream.rangeClosed(1, config.concurrency())
                .mapToObj(thread -> new HandlerThread(flow, config, handler, number + "-" + thread))
                .toList();
    }

    /** Starts the threads and begins to receive. Called once, before anybody else has the listener. */
    public void start() {
        try {
            threads.forEach(Thread::start);
        } catch (Error e) {
            flow.close(); // no more threads to be had: those that started end
            throw e;
        }
        flow.resume();
    }

    /** Closes because the queue or the engine is gone: handlers that run go on, and can end nothing any more. */
    public void end() {
        flow.close();
        joinIdle();
    }

    @Override
    public String queue() {
        return queue;
    }

    @Override
    public void pause() {
        flow.pause();
    }

    @Override
    public void resume() {
        flow.resume();
    }

    @Override
    public boolean drain(Duration timeout) {
        final Duration bound = Arguments.atMost("timeout", timeout, Arguments.MAX_WAIT);
        flow.pause();
        return flow.handlers().awaitIdle(bound);
    }

    @Override
    public boolean isRunning() {
        return flow.isCollecting();
    }

    @Override
    public ConsumerStats stats() {
        return flow.handlers().stats();
    }

    @Override
    public void close() {
        if (!flow.close()) {
            return;
        }
        if (!flow.handlers().awaitIdle(drainTimeout)) {
            final int abandoned = flow.handlers().abandon();
            ListenerLog.LOGGER.warn("listener closed while handlers ran: queue={} handlers={}", queue, abandoned);
        }
        joinIdle();
    }

    /** Threads without a batch end at once; an interrupt ends the wait for that and stays set. */
    private void joinIdle() {
        try {
            for (HandlerThread thread : threads) {
                if (thread != Thread.currentThread() && !flow.handlers().isRunning(thread)) {
                    thread.join();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "QueueConsumer[" + queue + "]";
    }
}
