package io.millrace.bench.demo;

import io.millrace.Engine;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.RedrivePolicy;
import java.util.function.Function;

/**
 * Sends files through a queue, line by line, and rebuilds them from what its consumers were given.
 *
 * <p>Consumers fail on purpose, so that lines come again, end in the dead-letter queue, and are redriven from there; at
 * the end every file must be the same to the last byte, and the books of both queues must balance. Immutable; each run
 * has an engine of its own.
 */
public final class Demo {
    private static final String LINES = "demo-lines";
    private static final String DEAD_LETTERS = "demo-dead-letters";

    /** Sending waits at this many messages, so that neither memory nor latency grow with the input. */
    private static final long MAX_BACKLOG = 10_000;

    /** What the attributes of a piece need beside the largest line, and the name of a file at least. */
    private static final int ATTRIBUTE_BYTES = 64 << 10;

    private final DemoConfig config;
    private final InputFiles input;
    private final Function<MessageQueue, Outbox> outboxes;

    /** A demo of some files. */
    public Demo(DemoConfig config, InputFiles input) {
        this(config, input, queue -> queue::send);
    }

    /** @param outboxes makes what stands between the sending side and the queue */
    Demo(DemoConfig config, InputFiles input, Function<MessageQueue, Outbox> outboxes) {
        this.config = config;
        this.input = input;
        this.outboxes = outboxes;
    }

    /**
     * Runs the demo; the engine is closed when this method returns or throws.
     *
     * @throws InterruptedException if the calling thread is interrupted
     * @throws io.millrace.api.EngineException if the engine could not do what was asked
     */
    public DemoReport run(ProgressView view) throws InterruptedException {
        try (Engine engine = Engine.inMemory()) {
            MessageQueue deadLetters = engine.queue(DEAD_LETTERS, this::deadLetterConfig);
            MessageQueue lines = engine.queue(LINES, this::lineConfig);
            DemoRun run = new DemoRun(config, lines, deadLetters, outboxes.apply(lines));
            run.exchange(input, view);
            return run.report(input);
        }
    }

    private QueueConfig deadLetterConfig(QueueConfig defaults) {
        return defaults.withMaxMessageBytes(config.maxFileBytes() + ATTRIBUTE_BYTES);
    }

    private QueueConfig lineConfig(QueueConfig defaults) {
        return deadLetterConfig(defaults)
                .withMaxBacklog(MAX_BACKLOG)
                .withVisibilityTimeout(config.visibilityTimeout())
                .withRedrive(new RedrivePolicy(DEAD_LETTERS, DemoRun.MAX_RECEIVES));
    }
}
