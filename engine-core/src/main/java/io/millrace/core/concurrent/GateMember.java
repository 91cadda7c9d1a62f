package io.millrace.core.concurrent;

/**
 * The words of one long-lived user of an {@link OperationGate}: the era of its running operation and the segment that it
 * lends views of. Written by one thread at a time, read by all.
 *
 * <p>The lent segment is a hazard word (M. Michael, Hazard pointers, 2004): a stuck callback withholds its own segment
 * from reuse and nothing else.
 */
public final class GateMember {
    /** The lent segment of a member that lends nothing. */
    public static final int NOTHING = -1;

    private static final long IDLE = 0L;
    private static final int ERA = 0;
    private static final int LENT = 1;

    private final PaddedLongs words = new PaddedLongs(2);

    GateMember() {
        words.release(LENT, NOTHING);
    }

    void publishEra(long era) {
        words.volatileWrite(ERA, era);
    }

    void clearEra() {
        words.release(ERA, IDLE);
    }

    long eraVolatile() {
        return words.volatileRead(ERA);
    }

    /** Whether the owner is inside the gate; exact on the owner's thread only. */
    public boolean isInside() {
        return words.plain(ERA) != IDLE;
    }

    /**
     * Names the segment whose bytes are lent from now on. Called inside the gate, while the segment is in use; leaving the
     * gate publishes the loan, since whoever asks about loans has waited for that.
     */
    public void lend(int segment) {
        words.release(LENT, segment); // hb: lent-view (release)
    }

    /** Ends the loan; a full fence, so that a close() that began before is seen by the caller's next read. */
    public void endLoan() {
        words.volatileWrite(LENT, NOTHING); // hb: lent-view (volatile)
    }

    int lentSegment() {
        return (int) words.volatileRead(LENT); // hb: lent-view (volatile)
    }
}
