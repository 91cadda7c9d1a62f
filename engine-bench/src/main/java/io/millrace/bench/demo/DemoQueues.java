package io.millrace.bench.demo;

import io.millrace.Engine;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.RedrivePolicy;

/**
 * The two queues of a demo. Immutable.
 *
 * @param lines where names and lines are sent to
 * @param deadLetters where those go that fail too often
 */
record DemoQueues(MessageQueue lines, MessageQueue deadLetters) {
    private static final String LINES = "demo-lines";
    private static final String DEAD_LETTERS = "demo-dead-letters";

    /** Sending waits at this many messages, so that neither memory nor latency grow with the input. */
    private static final long MAX_BACKLOG = 10_000;

    /** What the attributes of a piece need beside the largest line, and the name of a file at least. */
    private static final int ATTRIBUTE_BYTES = 64 << 10;

    /** The queues without the messages that another demo may have left there. */
    static DemoQueues empty(Engine engine, DemoConfig config) {
        if (engine.catalog().exists(LINES)) {
            engine.catalog().delete(LINES);
        }
        if (engine.catalog().exists(DEAD_LETTERS)) {
            engine.catalog().delete(DEAD_LETTERS);
        }
        return of(engine, config);
    }

    /** The queues as they are, or new ones. */
    static DemoQueues of(Engine engine, DemoConfig config) {
        MessageQueue deadLetters = engine.queue(DEAD_LETTERS, defaults -> deadLetterConfig(defaults, config));
        return new DemoQueues(engine.queue(LINES, defaults -> lineConfig(defaults, config)), deadLetters);
    }

    private static QueueConfig deadLetterConfig(QueueConfig defaults, DemoConfig config) {
        return defaults.withMaxMessageBytes(config.maxFileBytes() + ATTRIBUTE_BYTES);
    }

    private static QueueConfig lineConfig(QueueConfig defaults, DemoConfig config) {
        return deadLetterConfig(defaults, config)
                .withMaxBacklog(MAX_BACKLOG)
                .withVisibilityTimeout(config.visibilityTimeout())
                .withRedrive(new RedrivePolicy(DEAD_LETTERS, DemoRun.MAX_RECEIVES));
    }
}
