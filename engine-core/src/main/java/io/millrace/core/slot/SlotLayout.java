package io.millrace.core.slot;

import io.millrace.core.memory.Region;

/**
 * One message slot, 64 bytes, aligned to 64, native order.
 *
 * <pre>
 *  offset  length  field                access
 *  ------  ------  -------------------  ------------------------------------------------------------------
 *       0       8  CONTROL              {@link ControlWord}; CAS, acquire
 *       8       8  SEQUENCE             plain, before the chunk is linked
 *      16       8  POSITION             of the log record; plain before publish, then owner of MOVING
 *      24       8  RECEIVE_COUNT        receives, exact to within 512; opaque, see {@code ReceiveCount}
 *      32       8  ENQUEUED_MS          engine time, where retention starts; plain, before publish
 *      40       8  FIRST_RECEIVED_MS    wall clock, 0 before; opaque, first claimer
 *      48       8  FLIGHT_STARTED       engine time and flight of the latest claim; opaque, claimers
 *      56       8  LINK                 next in the message group; owner of the group
 * </pre>
 */
public final class SlotLayout {
    public static final int CONTROL_OFFSET = 0;
    public static final int SEQUENCE_OFFSET = CONTROL_OFFSET + 8;
    public static final int POSITION_OFFSET = SEQUENCE_OFFSET + 8;
    public static final int RECEIVE_COUNT_OFFSET = POSITION_OFFSET + 8;
    public static final int ENQUEUED_MS_OFFSET = RECEIVE_COUNT_OFFSET + 8;
    public static final int FIRST_RECEIVED_MS_OFFSET = ENQUEUED_MS_OFFSET + 8;
    public static final int FLIGHT_STARTED_OFFSET = FIRST_RECEIVED_MS_OFFSET + 8;
    public static final int LINK_OFFSET = FLIGHT_STARTED_OFFSET + 8;

    /** Bytes of a slot. */
    public static final int SIZE = LINK_OFFSET + 8;

    private SlotLayout() {}

    /** Makes a slot ready for the first publication: control word and sequence, and zero for what a receive will set. */
    static void initialise(Region region, int slot, long sequence, long free) {
        region.longPlain(slot + CONTROL_OFFSET, free);
        region.longPlain(slot + SEQUENCE_OFFSET, sequence);
        region.longPlain(slot + RECEIVE_COUNT_OFFSET, 0);
        region.longPlain(slot + FIRST_RECEIVED_MS_OFFSET, 0);
    }

    /** Index in the slab of a slot, given the index of its block. */
    public static int slot(int base, long sequence) {
        return base + BlockLayout.HEADER + ((int) sequence & (BlockLayout.SLOTS - 1)) * SIZE;
    }
}
