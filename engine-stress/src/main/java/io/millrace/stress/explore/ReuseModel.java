package io.millrace.stress.explore;

import io.millrace.core.slot.ControlWord;

/**
 * A slot whose chunk is used again and again while somebody holds the word of an old flight, as a raw receiver does whose
 * handler runs outside the gate. Immutable.
 */
final class ReuseModel {
    static final int CONTROL = 0;
    static final int GENERATION = CONTROL + 1;
    static final int WORDS = GENERATION + 1;

    private static final int SAME_DEADLINE_MS = 30;

    private final int generationMask;
    private final int reuses;

    /**
     * @param generationBits how many bits of the generation the words keep
     * @param reuses how often the chunk is used again
     */
    ReuseModel(int generationBits, int reuses) {
        this.generationMask = (1 << generationBits) - 1;
        this.reuses = reuses;
    }

    private long free(int generation) {
        return ControlWord.free(generation & generationMask);
    }

    /** The word of the first claim in a generation; at the same instant in each, so that the deadlines are alike. */
    private long claimed(int generation) {
        return ControlWord.claim(ControlWord.publish(free(generation), 0), SAME_DEADLINE_MS);
    }

    Scenario scenario(String name) {
        return new Scenario(name, WORDS)
                .given(CONTROL, claimed(0))
                .party("expiry, other receivers, reuse", this::reuse)
                .party("stale ack", at -> staleAck(at, claimed(0)))
                .party("stale look", at -> staleLook(at, claimed(0)));
    }

    /** The flight of the stale holder expires, somebody else claims and acks, the chunk ends and is used again. */
    private void reuse(Steps at) {
        at.cas(CONTROL, claimed(0), ControlWord.release(claimed(0)));
        for (int generation = 0; generation < reuses; generation++) {
            endWhateverIsThere(at);
            at.write(CONTROL, free(generation + 1));
            at.note(GENERATION, 1);
            at.swap(CONTROL, ControlWord.publish(free(generation + 1), 0));
            at.cas(CONTROL, ControlWord.publish(free(generation + 1), 0), claimed(generation + 1));
        }
    }

    private static void endWhateverIsThere(Steps at) {
        long control = at.read(CONTROL);
        while (ControlWord.isLive(control)) {
            final long witness = at.exchange(CONTROL, control, ControlWord.end(control));
            if (witness == control) {
                return;
            }
            control = witness;
        }
    }

    /** The exchange by which a raw receiver acknowledges; right only while the slot still is of the first generation. */
    private static void staleAck(Steps at, long claimed) {
        if (at.cas(CONTROL, claimed, ControlWord.end(claimed))) {
            at.expect(GENERATION, 0, "a stale ack ended the message of a reused slot");
        }
    }

    /** The look by which a raw receiver decides whether to show the next message of its run. */
    private static void staleLook(Steps at, long claimed) {
        if (ControlWord.isSameFlight(at.read(CONTROL), claimed)) {
            at.expect(GENERATION, 0, "a stale look took a reused slot for its own flight");
        }
    }
}
