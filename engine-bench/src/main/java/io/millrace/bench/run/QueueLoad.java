package io.millrace.bench.run;

/**
 * What a queue benchmark does in each round. Immutable.
 *
 * @param payloadBytes bytes of each message, {@link #MIN_PAYLOAD_BYTES} to {@link #MAX_PAYLOAD_BYTES}
 * @param crew the threads that work
 * @param messages messages that are sent and received, 1 or more
 * @param backlog messages that wait in the queue before the first round and after the last, 0 or more
 * @param window messages by which the queue may grow beyond the backlog, 1 or more; a sender at this limit is refused,
 *     and tries again. If only sending or only receiving is measured, so many are sent or received before they are
 *     taken out or replaced, which is not measured
 */
public record QueueLoad(int payloadBytes, Crew crew, long messages, long backlog, long window) {
    /** Every message has room for the time at which it was sent. */
    public static final int MIN_PAYLOAD_BYTES = Long.BYTES;

    /** 16 MiB. */
    public static final int MAX_PAYLOAD_BYTES = 16 << 20;

    /** How many messages or threads there may be of anything. */
    public static final long MAX_COUNT = 1_000_000_000_000L;

    /**
     * Checks the ranges above.
     *
     * @throws IllegalArgumentException if a component is out of range
     */
    public QueueLoad {
        Ranges.check("payloadBytes", payloadBytes, MIN_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES);
        Ranges.check("messages", messages, 1, MAX_COUNT);
        Ranges.check("backlog", backlog, 0, MAX_COUNT);
        Ranges.check("window", window, 1, MAX_COUNT);
    }
}
