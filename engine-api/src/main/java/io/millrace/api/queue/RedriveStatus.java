package io.millrace.api.queue;

/** Where a redrive task stands. Immutable. */
public enum RedriveStatus {
    /** It moves messages. */
    RUNNING,
    /** It has moved all that it set out to move. */
    COMPLETED,
    /** Somebody has cancelled it, and it is finishing the message in hand. */
    CANCELLING,
    /** It was cancelled; what was moved stays moved. */
    CANCELLED,
    /** It could not go on; what was moved stays moved. */
    FAILED;

    /**
     * Whether the task will not move anything any more.
     *
     * @return false while it is running or cancelling
     */
    public boolean isFinished() {
        return this != RUNNING && this != CANCELLING;
    }
}
