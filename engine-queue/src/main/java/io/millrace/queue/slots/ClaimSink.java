package io.millrace.queue.slots;

import io.millrace.core.memory.Region;

/** Takes messages that a receive has claimed, while the operation is still inside the gate. Confined to one receive. */
public abstract class ClaimSink {
    /** Messages claimed in the present call, counted before they are taken, so that the counters are right if taking fails. */
    int claimed;

    /** Messages that the present call has moved to a dead-letter queue. */
    int moved;

    /** Most messages that one claim moves, so that it does not stay in the gate for a whole backlog of dead letters. */
    static final int MAX_MOVED = 64;

    /** Claims in a row that give dead letters only before a receive answers that it found nothing. */
    public static final int MOST_CLAIMS = 1_024;

    final boolean hasRoom(int max) {
        return claimed < max && moved < MAX_MOVED;
    }

    /** Whether the claim stopped because it had moved as many as it may; then it is worth claiming again. */
    public final boolean movedAll() {
        return moved >= MAX_MOVED;
    }

    /**
     * Takes one message, now in flight for whoever asked. Must not run user code.
     *
     * @param block the chunk of the slot
     * @param region memory of the slot
     * @param slot place of the slot there
     * @param sequence the message's sequence
     * @param control the control word that the claim stored
     */
    protected abstract void onClaimed(int block, Region region, int slot, long sequence, long control);
}
