package io.millrace.queue.slots;

import io.millrace.core.memory.Region;
import io.millrace.core.slot.ControlWord;
import io.millrace.core.slot.SlotLayout;

/**
 * The exact number of receives, from the control word's ten bits and a stored count that may lag. Stateless.
 *
 * <p>The flight in the control word is the count modulo 1024 and moves with the claim's CAS, so it is always right. The
 * slot's stored count is brought up to date by every 64th claim; as long as it is within 511 of the truth, the two
 * together name one number. It would take eight claimers in a row that stall for ever to get farther away.
 */
final class ReceiveCount {
    private static final int STORE_EVERY = 64;

    private ReceiveCount() {}

    /** Receives so far, including the one that stored {@code control}. */
    static int of(Region region, int slot, long control) {
        final long stored = region.longOpaque(slot + SlotLayout.RECEIVE_COUNT_OFFSET);
        return (int) nearest(stored, ControlWord.flight(control));
    }

    /** The number congruent to {@code flight} that is nearest to {@code stored}. */
    static long nearest(long stored, int flight) {
        final int shift = Long.SIZE - Integer.numberOfTrailingZeros(ControlWord.FLIGHTS);
        return stored + (((flight - stored) << shift) >> shift);
    }

    /** Called by a claim's winner with the word that it stored. */
    static void afterClaim(Region region, int slot, long control) {
        if (ControlWord.flight(control) % STORE_EVERY == 0) {
            region.longOpaque(slot + SlotLayout.RECEIVE_COUNT_OFFSET, of(region, slot, control));
        }
    }
}
