package io.millrace.bench.scale;

import java.util.Locale;

/** What there is much of. */
public enum ScalePart {
    /** Queues, first empty, then with a message each. */
    QUEUES(100_000),
    /** Delayed messages of one queue that become due at the same time. */
    DELAYED(1_000_000),
    /** Messages of one queue that were received and not yet acknowledged. */
    IN_FLIGHT(1_000_000),
    /** Messages that wait in one queue. */
    WAITING(10_000_000),
    /** Nothing at all: engines that are opened for one message; the count is how many, one after the other. */
    FIRST_MESSAGE(200);

    private final long defaultCount;

    ScalePart(long defaultCount) {
        this.defaultCount = defaultCount;
    }

    /** How many unless the user says otherwise. */
    public long defaultCount() {
        return defaultCount;
    }

    /** The name as one types it, and as results show it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
