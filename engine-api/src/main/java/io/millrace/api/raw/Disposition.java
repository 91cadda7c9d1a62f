package io.millrace.api.raw;

/** What shall become of a message that a handler was called with. Immutable. */
public enum Disposition {
    /** It is done and will not come back. */
    ACK,
    /** It becomes visible again at once; the receive counts. */
    RETRY,
    /** It stays in flight, to be ended later by its delivery number, or else by the visibility timeout. */
    HOLD,
    /** It moves to the queue's dead-letter queue at once. */
    DEAD_LETTER,
    /** The poll ends: this message and the rest of the poll are given back as if they had never been received. */
    STOP
}
