package io.millrace.queue.slots;

import io.millrace.core.memory.Region;
import io.millrace.core.slot.ControlWord;
import io.millrace.core.slot.SlotLayout;

/**
 * When the current flight of a message began, as one word: engine milliseconds, and below them the ten bits that name the
 * flight. Stateless.
 *
 * <p>The winner of a claim writes the word after its CAS. Whoever has a receipt of an earlier flight may ask in between, and
 * would otherwise measure the cap from the start of that one.
 */
final class FlightStart {
    private static final int FLIGHT_BITS = Integer.numberOfTrailingZeros(ControlWord.FLIGHTS);

    private FlightStart() {}

    /** Called by a claim's winner with the word that it stored. */
    static void afterClaim(Region region, int slot, long claimed, long nowMs) {
        final long word = (nowMs << FLIGHT_BITS) | ControlWord.flight(claimed);
        region.longOpaque(slot + SlotLayout.FLIGHT_STARTED_OFFSET, word);
    }

    /** The start of the flight that {@code control} shows; {@code nowMs} if its claimer has not come to write it. */
    static long of(Region region, int slot, long control, long nowMs) {
        final long word = region.longOpaque(slot + SlotLayout.FLIGHT_STARTED_OFFSET);
        final boolean isOfFlight = (word & (ControlWord.FLIGHTS - 1)) == ControlWord.flight(control);
        return isOfFlight ? word >> FLIGHT_BITS : nowMs;
    }
}
