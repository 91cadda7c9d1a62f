package io.millrace.queue.slots;

import io.millrace.core.memory.Region;

/** Takes messages that a receive has claimed, while the operation is still inside the gate. */
@FunctionalInterface
public interface ClaimSink {
    /**
     * One message, now in flight for whoever asked. Must not throw nor run user code.
     *
     * @param block the chunk of the slot
     * @param region memory of the slot
     * @param slot place of the slot there
     * @param sequence the message's sequence
     * @param control the control word that the claim stored
     */
    void onClaimed(int block, Region region, int slot, long sequence, long control);
}
