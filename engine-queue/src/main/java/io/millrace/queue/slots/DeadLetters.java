package io.millrace.queue.slots;

import io.millrace.core.memory.Region;

/** Where messages go that were received too often. Thread-safe; called inside the gate. */
@FunctionalInterface
public interface DeadLetters {
    /** What became of an attempt to move a message. */
    enum Move {
        /** It now lives in the dead-letter queue; the slot may end. */
        MOVED,
        /** There is no queue that takes it: deliver it as if there were no policy. */
        NO_TARGET,
        /** The dead-letter queue is at its backlog limit: try again later. */
        BACKLOG_LIMIT,
        /** There is no memory now: try again later. */
        OFF_HEAP_LIMIT,
        /** There is no room on the disk now: try again later. */
        DISK_FULL
    }

    /**
     * Copies the message of a slot in state MOVING to the dead-letter queue and publishes it there.
     *
     * @param control the slot's word from before the move
     */
    Move move(Region region, int slot, long sequence, long control, long nowMs);
}
