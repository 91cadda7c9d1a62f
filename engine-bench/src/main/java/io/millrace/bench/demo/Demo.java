package io.millrace.bench.demo;

import io.millrace.Engine;
import io.millrace.api.queue.MessageQueue;
import java.util.function.Function;

/**
 * Sends files through a queue, line by line, and rebuilds them from what its consumers were given.
 *
 * <p>Consumers fail on purpose, so that lines come again, end in the dead-letter queue, and are redriven from there; at
 * the end every file must be the same to the last byte, and the books of both queues must balance. Immutable; each run
 * has an engine of its own.
 */
public final class Demo {
    private final DemoConfig config;
    private final InputFiles input;
    private final Storage storage;
    private final Function<MessageQueue, Outbox> outboxes;

    /** A demo of some files. */
    public Demo(DemoConfig config, InputFiles input, Storage storage) {
        this(config, input, storage, queue -> queue::send);
    }

    /** @param outboxes makes what stands between the sending side and the queue */
    Demo(DemoConfig config, InputFiles input, Storage storage, Function<MessageQueue, Outbox> outboxes) {
        this.config = config;
        this.input = input;
        this.storage = storage;
        this.outboxes = outboxes;
    }

    /**
     * Runs the demo; the engine is closed when this method returns or throws.
     *
     * @throws InterruptedException if the calling thread is interrupted
     * @throws io.millrace.api.EngineException if the engine could not do what was asked
     */
    public DemoReport run(ProgressView view) throws InterruptedException {
        try (Engine engine = storage.open()) {
            DemoQueues queues = DemoQueues.empty(engine, config);
            DemoRun run = new DemoRun(config, queues.lines(), queues.deadLetters(), outboxes.apply(queues.lines()));
            run.exchange(input, view);
            return run.report(input);
        }
    }
}
