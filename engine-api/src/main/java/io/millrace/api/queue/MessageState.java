package io.millrace.api.queue;

/** Where a message in a queue stands. Immutable. */
public enum MessageState {
    /** The next receive may get it. */
    VISIBLE,
    /** It was sent with a delay that is not over. */
    DELAYED,
    /** Somebody has received it, and has neither ended the delivery nor let the visibility timeout pass. */
    IN_FLIGHT
}
