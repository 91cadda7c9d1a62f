package io.millrace.queue.stored;

import io.millrace.queue.state.QueueState;
import java.util.Optional;

/**
 * One queue of a directory, as its log tells. Immutable.
 *
 * @param number its number
 * @param state what it is; empty if no living record tells, so that its messages belong to nobody
 * @param formerState what it was before its state changed last, if a record that has ended still tells
 * @param isDeleted whether a record tells that it was deleted, so that its messages belong to nobody
 * @param isReplaced whether it was deleted and another of its name created, so that its messages belong to nobody
 * @param messages how many of its messages live, by what a receiver would find
 * @param liveBytes bytes of their records
 * @param firstSequence lowest sequence of a living message, or -1
 * @param lastSequence highest sequence of a living message, or -1
 * @param seenSequence highest sequence of any record that names the queue, or -1
 */
public record StoredQueue(
        long number,
        Optional<QueueState> state,
        Optional<QueueState> formerState,
        boolean isDeleted,
        boolean isReplaced,
        Messages messages,
        long liveBytes,
        long firstSequence,
        long lastSequence,
        long seenSequence) {
    /** How many messages are in which state. */
    public record Messages(long visible, long delayed, long inFlight) {
        /** All of them. */
        public long total() {
            return visible + delayed + inFlight;
        }
    }

    /** Whether an engine that opens the directory has this queue. */
    public boolean isThere() {
        return state.isPresent() && !isReplaced;
    }
}
