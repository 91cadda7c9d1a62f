package io.millrace.api;

import io.millrace.api.check.Arguments;

/**
 * Why the engine declined an operation that was asked correctly: a limit was in the way, and nothing has changed.
 * Immutable.
 *
 * @param reason which limit, not null
 * @param detail the limit and what met it, as pairs {@code name=value}, for example {@code queue=orders
 *     maxBacklog=1000}; not null
 */
public record Refusal(Reason reason, String detail) {
    /** Which limit was in the way. Immutable. */
    public enum Reason {
        /** Fix: payload and attributes are longer than the queue's {@code maxMessageBytes}. */
        MESSAGE_TOO_LARGE(false),
        /** Retry later: the queue holds as many messages as its {@code maxBacklog} allows. */
        BACKLOG_LIMIT(true),
        /** Retry later: the engine holds as much off-heap memory as its {@code offHeapLimit} allows. */
        OFF_HEAP_LIMIT(true),
        /** Retry later: as many messages are in flight as the queue's {@code maxInFlight} allows. */
        IN_FLIGHT_LIMIT(true),
        /** Retry later: there is no room on the disk for another segment. */
        DISK_FULL(true);

        private final boolean isTransient;

        Reason(boolean isTransient) {
            this.isTransient = isTransient;
        }

        /**
         * Whether the same operation may succeed later, when messages have left or there is room again.
         *
         * @return false if repeating it is pointless
         */
        public boolean isTransient() {
            return isTransient;
        }
    }

    /**
     * Refuses null.
     *
     * @param reason which limit
     * @param detail pairs {@code name=value}
     * @throws NullPointerException if a component is null
     */
    public Refusal {
        Arguments.notNull("reason", reason);
        Arguments.notNull("detail", detail);
    }

    /**
     * Whether the same operation may succeed later, when messages have left.
     *
     * @return what the reason says
     */
    public boolean isTransient() {
        return reason.isTransient();
    }

    /**
     * Reason and detail as pairs.
     *
     * @return for example {@code reason=BACKLOG_LIMIT queue=orders maxBacklog=1000}
     */
    @Override
    public String toString() {
        return detail.isEmpty() ? "reason=" + reason : "reason=" + reason + " " + detail;
    }
}
