package io.millrace.bench.alternatives;

import java.nio.ByteBuffer;

/**
 * Eras: each participant publishes the era in which its operation began, and what was retired in an era is reused
 * only when no operation that began in that era or before it is still running. Beside its era a participant has a
 * hazard word that names the one segment it lends views from.
 */
final class PrototypeGate {

    private static final int ERA = 0;

    private final int participants;
    private final ByteBuffer words;
    private final ByteBuffer hazards;

    PrototypeGate(int participants) {
        this.participants = participants;
        this.words = Words.direct((participants + 1) * Words.PADDED);
        this.hazards = Words.direct(participants * Words.PADDED);
        Words.fenced(words, ERA, 1);
    }

    /** Store and full fence: whatever the operation reads comes after the era is visible to reclaimers. */
    void enter(int participant) {
        Words.fenced(words, (participant + 1) * Words.PADDED, Words.acquire(words, ERA));
    }

    void exit(int participant) {
        Words.release(words, (participant + 1) * Words.PADDED, 0);
    }

    /** Ends an era; what was unlinked before the call may be reused once {@link #isPast} holds for the result. */
    long nextEra() {
        return Words.getAndAdd(words, ERA, 1);
    }

    boolean isPast(long era) {
        for (int i = 1; i <= participants; i++) {
            long entered = Words.acquire(words, i * Words.PADDED);
            if (entered != 0 && entered <= era) {
                return false;
            }
        }
        return true;
    }

    /**
     * Keeps a segment from reuse until {@link #giveBack}. Inside the gate a release store is enough: a reclaimer that
     * sees the participant gone from the gate sees this store too, because the gate was left after it.
     */
    void lend(int participant, int segment) {
        Words.release(hazards, participant * Words.PADDED, segment + 1);
    }

    /** The same outside the gate: the caller must look again, after the fence, whether the segment is still in use. */
    void lendFenced(int participant, int segment) {
        Words.fenced(hazards, participant * Words.PADDED, segment + 1);
    }

    void giveBack(int participant) {
        Words.release(hazards, participant * Words.PADDED, 0);
    }

    /** Whether a view of the segment is lent; asked after {@link #isPast}, never before it. */
    boolean isLent(int segment) {
        for (int i = 0; i < participants; i++) {
            if (Words.acquire(hazards, i * Words.PADDED) == segment + 1) {
                return true;
            }
        }
        return false;
    }
}
