package io.millrace.core.slot;

/**
 * The one word that every race about a message is decided by, and the transitions between its values as pure functions:
 * (word, arguments) to word. Stateless.
 *
 * <pre>
 *  bits     width  field       meaning
 *  -------  -----  ----------  -----------------------------------------------------------------
 *  61 - 63      3  STATE       see below; the codes are fixed
 *  51 - 60     10  FLIGHT      number of receives, modulo 1024
 *  16 - 50     35  DEADLINE    engine milliseconds modulo 2^35; of DELAYED and IN_FLIGHT, else 0
 *   0 - 15     16  GENERATION  reuse count of the chunk's memory, modulo 65536
 *
 *  state       meaning                                              leaves for
 *  ----------  ---------------------------------------------------  -------------------------------------
 *  FREE        not yet published; FLIGHT 1: passed over by a cursor READY, DELAYED, WRITING, ENDED (aborted)
 *  WRITING     the same, seen to be taken (message groups)          READY, DELAYED, ENDED (aborted)
 *  READY       visible: any receiver may claim it                   IN_FLIGHT, MOVING, ENDED
 *  DELAYED     hidden until its deadline, not received since        READY, MOVING, ENDED
 *  IN_FLIGHT   received, hidden until its deadline                  READY, IN_FLIGHT, MOVING, COMMITTING, ENDED
 *  COMMITTING  its ack is part of a transaction in progress         IN_FLIGHT, ENDED
 *  MOVING      one thread copies it or takes it elsewhere           where it came from, ENDED
 *  ENDED       acknowledged, expired, purged, aborted, moved away   (the chunk's next generation)
 * </pre>
 *
 * <p>Deadlines are compared by signed difference, as TCP compares sequence numbers, so that 35 bits serve for ever as
 * long as no deadline lies more than 198 days from now ({@link #HORIZON_MS}); configuration keeps them below 90 days.
 */
public final class ControlWord {
    /** Farthest a deadline may lie from now, in milliseconds, for the comparison to be right. */
    public static final long HORIZON_MS = 1L << 34;

    public static final int FREE = 0;
    public static final int WRITING = 1;
    public static final int READY = 2;
    public static final int DELAYED = 3;
    public static final int IN_FLIGHT = 4;
    public static final int COMMITTING = 5;
    public static final int MOVING = 6;
    public static final int ENDED = 7;

    /** One more than the highest flight; a flight is a receive count modulo this. */
    public static final int FLIGHTS = 1 << 10;

    private static final int STATE_SHIFT = 61;
    private static final int FLIGHT_SHIFT = 51;
    private static final int DEADLINE_SHIFT = 16;
    private static final int DEADLINE_BITS = 35;
    private static final long STATE_MASK = 0b111L << STATE_SHIFT;
    private static final long FLIGHT_MASK = (FLIGHTS - 1L) << FLIGHT_SHIFT;
    private static final long DEADLINE_MASK = ((1L << DEADLINE_BITS) - 1) << DEADLINE_SHIFT;
    /** The bits of a generation that a control word holds. */
    static final long GENERATION_MASK = 0xFFFFL;

    /** In a slot that is not yet published, the lowest bit of FLIGHT. */
    private static final long PASSED_OVER = 1L << FLIGHT_SHIFT;

    private static final String[] STATE_NAMES = {
        "FREE", "WRITING", "READY", "DELAYED", "IN_FLIGHT", "COMMITTING", "MOVING", "ENDED"
    };

    private ControlWord() {}

    // ---- fields ---------------------------------------------------------------------------------------------------

    public static int state(long word) {
        return (int) (word >>> STATE_SHIFT);
    }

    public static boolean isIn(long word, int state) {
        return word >>> STATE_SHIFT == state;
    }

    /** Number of receives modulo 1024. */
    public static int flight(long word) {
        return (int) ((word & FLIGHT_MASK) >>> FLIGHT_SHIFT);
    }

    public static int generation(long word) {
        return (int) (word & GENERATION_MASK);
    }

    /** The deadline as engine milliseconds, given an instant within {@link #HORIZON_MS} of it. */
    public static long deadlineMs(long word, long nowMs) {
        return nowMs + distanceMs(word, nowMs);
    }

    /** Whether the deadline has come. */
    public static boolean isDue(long word, long nowMs) {
        return distanceMs(word, nowMs) <= 0;
    }

    private static long distanceMs(long word, long nowMs) {
        final long deadline = (word & DEADLINE_MASK) >>> DEADLINE_SHIFT;
        return ((deadline - nowMs) << (Long.SIZE - DEADLINE_BITS)) >> (Long.SIZE - DEADLINE_BITS);
    }

    private static long of(int state, long flightBits, long deadlineBits, long word) {
        return ((long) state << STATE_SHIFT) | flightBits | deadlineBits | (word & GENERATION_MASK);
    }

    private static long deadlineBits(long deadlineMs) {
        return (deadlineMs << DEADLINE_SHIFT) & DEADLINE_MASK;
    }

    private static long nextFlightBits(long word) {
        return (word + (1L << FLIGHT_SHIFT)) & FLIGHT_MASK;
    }

    private static long previousFlightBits(long word) {
        return (word - (1L << FLIGHT_SHIFT)) & FLIGHT_MASK;
    }

    // ---- transitions ----------------------------------------------------------------------------------------------

    /** A slot of a chunk that has just been handed out. */
    public static long free(int generation) {
        return generation & GENERATION_MASK;
    }

    /** FREE to WRITING: a slot that must be seen to be taken before it is published. */
    public static long write(long word) {
        return of(WRITING, 0, 0, word);
    }

    /** FREE to FREE: a receiver has passed over it, so its publisher must mark it returned. */
    public static long passOver(long word) {
        return word | PASSED_OVER;
    }

    /** Whether a receiver has passed over a slot before it was published. */
    public static boolean isPassedOver(long unpublished) {
        return (unpublished & PASSED_OVER) != 0;
    }

    /** FREE or WRITING to READY, for a message received {@code receiveCount} times elsewhere (0 for a new one). */
    public static long publish(long generation, int receiveCount) {
        return of(READY, flightBits(receiveCount), 0, generation);
    }

    /** FREE or WRITING to DELAYED until {@code deadlineMs}. */
    public static long publishDelayed(long generation, long deadlineMs) {
        return of(DELAYED, 0, deadlineBits(deadlineMs), generation);
    }

    private static long flightBits(int receiveCount) {
        return (receiveCount & (FLIGHTS - 1L)) << FLIGHT_SHIFT;
    }

    /** READY to IN_FLIGHT: one more receive, hidden until {@code deadlineMs}. */
    public static long claim(long word, long deadlineMs) {
        return of(IN_FLIGHT, nextFlightBits(word), deadlineBits(deadlineMs), word);
    }

    /** IN_FLIGHT to READY as if this flight had never been: the delivery reached nobody. */
    public static long unclaim(long word) {
        return of(READY, previousFlightBits(word), 0, word);
    }

    /** IN_FLIGHT to IN_FLIGHT: hidden until {@code deadlineMs} from now on. */
    public static long extend(long word, long deadlineMs) {
        return of(IN_FLIGHT, word & FLIGHT_MASK, deadlineBits(deadlineMs), word);
    }

    /** DELAYED or IN_FLIGHT to READY: the deadline came, or the receiver gave the message back. */
    public static long release(long word) {
        return of(READY, word & FLIGHT_MASK, 0, word);
    }

    /** READY, DELAYED or IN_FLIGHT to MOVING; flight and deadline stay in the word. */
    public static long move(long word) {
        return (word & ~STATE_MASK) | ((long) MOVING << STATE_SHIFT);
    }

    /** MOVING back to the state it came from; flight and deadline are those of the word. */
    public static long moved(long word, int state) {
        return (word & ~STATE_MASK) | ((long) state << STATE_SHIFT);
    }

    /** Any state to ENDED; the flight stays, so that the count of receives can still be told. */
    public static long end(long word) {
        return of(ENDED, word & FLIGHT_MASK, 0, word);
    }

    /** Whether a message in this state is undecided and may be ended by a receipt, a purge or its retention. */
    public static boolean isLive(long word) {
        final int state = state(word);
        return state == READY || state == DELAYED || state == IN_FLIGHT;
    }

    /** Whether two words show the same flight of the same message in flight, whatever their deadlines. */
    public static boolean isSameFlight(long word, long other) {
        return (word & ~DEADLINE_MASK) == (other & ~DEADLINE_MASK) && isIn(word, IN_FLIGHT);
    }

    /** The word in words, for messages and logs. */
    public static String toString(long word) {
        return "%s flight=%d deadline=%d generation=%d"
                .formatted(
                        STATE_NAMES[state(word)],
                        flight(word),
                        (word & DEADLINE_MASK) >>> DEADLINE_SHIFT,
                        generation(word));
    }
}
