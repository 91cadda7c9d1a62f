package io.millrace.queue.slots;

import io.millrace.core.memory.Region;
import io.millrace.core.slot.ControlWord;
import java.util.Arrays;

/** Messages that one poll has claimed, in arrays that are used again. Confined to one thread. */
public final class ClaimedRun extends ClaimSink {
    private int count;
    private int[] blocks = new int[16];
    private int[] slots = new int[16];
    private int[] receiveCounts = new int[16];
    private long[] sequences = new long[16];
    private long[] controls = new long[16];
    private long[] positions = new long[16];

    /** Forgets all messages. */
    public void clear() {
        count = 0;
    }

    @Override
    protected void onClaimed(int block, Region region, int slot, long sequence, long control) {
        if (count == blocks.length) {
            grow();
        }
        blocks[count] = block;
        slots[count] = slot;
        receiveCounts[count] = ReceiveCount.of(region, slot, control);
        sequences[count] = sequence;
        controls[count] = control;
        positions[count] = SlotQueue.position(region, slot);
        count++;
    }

    private void grow() {
        int capacity = count * 2;
        blocks = Arrays.copyOf(blocks, capacity);
        slots = Arrays.copyOf(slots, capacity);
        receiveCounts = Arrays.copyOf(receiveCounts, capacity);
        sequences = Arrays.copyOf(sequences, capacity);
        controls = Arrays.copyOf(controls, capacity);
        positions = Arrays.copyOf(positions, capacity);
    }

    public int count() {
        return count;
    }

    public int block(int index) {
        return blocks[index];
    }

    /** Place of the slot in its slab. */
    public int slot(int index) {
        return slots[index];
    }

    public int receiveCount(int index) {
        return receiveCounts[index];
    }

    public long sequence(int index) {
        return sequences[index];
    }

    /** The control word that the claim stored. */
    public long control(int index) {
        return controls[index];
    }

    public int flight(int index) {
        return ControlWord.flight(controls[index]);
    }

    /** Position of the log record when it was looked at last. */
    public long position(int index) {
        return positions[index];
    }

    public void position(int index, long position) {
        positions[index] = position;
    }
}
