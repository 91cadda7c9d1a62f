package io.millrace.stress.explore;

import io.millrace.core.slot.ControlWord;

/**
 * A block that fires for its old chunk while it is taken for the next one, in the order of {@code Conductor}, {@code
 * SlotUpkeep.onBlockDue}, {@code Directory.newChunk} and {@code SlotQueue.publish}. The conductor entered the gate after the
 * block had been retired, so nothing else keeps the two apart. Immutable.
 */
final class DueModel {
    /** Bugs that may be planted. */
    enum Weakness {
        /** The look does not compare the generation of the slot with that of the header. */
        GENERATION_UNCHECKED,
        /** The header's generation is written before its sequence. */
        GENERATION_FIRST,
        /** The block is disarmed after the look. */
        DISARMED_LATE,
        /** The new owner looks at the arming before it publishes. */
        ARMED_EARLY,
        /** What is not yet due is not armed again. */
        NOT_ARMED_AGAIN,
        NONE
    }

    static final int ARMED = 0;
    static final int GENERATION = ARMED + 1;
    static final int FIRST_SEQUENCE = GENERATION + 1;
    static final int CONTROL = FIRST_SEQUENCE + 1;
    /** The sequence that a release named, plus one. */
    static final int RELEASED_AS = CONTROL + 1;

    static final int WORDS = RELEASED_AS + 1;

    private static final long NEVER = Long.MAX_VALUE;
    private static final long OLD_SEQUENCE = 0;
    private static final long NEW_SEQUENCE = 64;
    private static final long DUE_MS = 100;

    private final int generationMask;
    private final int generations;
    private final long hiddenUntilMs;
    private final Weakness weakness;

    /**
     * @param generationBits how many bits of the generation the control word keeps
     * @param generations how many chunks the block has served when it is taken again
     * @param hiddenUntilMs deadline of the new message
     */
    DueModel(int generationBits, int generations, long hiddenUntilMs, Weakness weakness) {
        this.generationMask = (1 << generationBits) - 1;
        this.generations = generations;
        this.hiddenUntilMs = hiddenUntilMs;
        this.weakness = weakness;
    }

    private boolean has(Weakness bug) {
        return weakness == bug;
    }

    private int cut(long generation) {
        return (int) generation & generationMask;
    }

    Scenario scenario(String name) {
        return new Scenario(name, WORDS)
                .given(ARMED, DUE_MS)
                .given(FIRST_SEQUENCE, OLD_SEQUENCE)
                .given(CONTROL, ControlWord.end(ControlWord.publish(0, 0)))
                .party("conductor", this::fire)
                .party("next owner", this::reuse)
                .finallyHolds(
                        "a message is never released under the sequence of an old chunk",
                        words -> words[RELEASED_AS] == 0 || words[RELEASED_AS] == NEW_SEQUENCE + 1)
                .finallyHolds(
                        "a hidden message is armed by its deadline",
                        words -> !ControlWord.isIn(words[CONTROL], ControlWord.DELAYED)
                                || words[ARMED] <= hiddenUntilMs);
    }

    // ---- conductor ------------------------------------------------------------------------------------------------

    private void fire(Steps at) {
        if (at.read(ARMED) > DUE_MS) {
            return;
        }
        if (!has(Weakness.DISARMED_LATE)) {
            at.swap(ARMED, NEVER);
        }
        final int generation = cut(at.read(GENERATION));
        final long sequence = at.read(FIRST_SEQUENCE);
        final long nextMs = slotDue(at, generation, sequence);
        if (has(Weakness.DISARMED_LATE)) {
            at.swap(ARMED, NEVER);
        }
        if (nextMs != NEVER && !has(Weakness.NOT_ARMED_AGAIN)) {
            arm(at, nextMs);
        }
    }

    private long slotDue(Steps at, int generation, long sequence) {
        for (; ; ) {
            final long control = at.read(CONTROL);
            if (cut(ControlWord.generation(control)) != generation && !has(Weakness.GENERATION_UNCHECKED)) {
                return NEVER;
            }
            if (!ControlWord.isLive(control)) {
                return NEVER;
            }
            if (!ControlWord.isDue(control, DUE_MS)) {
                return ControlWord.deadlineMs(control, DUE_MS);
            }
            if (at.cas(CONTROL, control, ControlWord.release(control))) {
                at.note(RELEASED_AS, sequence + 1);
                return NEVER;
            }
        }
    }

    // ---- next owner -----------------------------------------------------------------------------------------------

    /** The chunks before the last one come and go without a message that stays. */
    private void reuse(Steps at) {
        for (int generation = 1; generation < generations; generation++) {
            newChunk(at, generation);
            at.swap(CONTROL, ControlWord.end(ControlWord.free(cut(generation))));
        }
        newChunk(at, generations);
        final boolean armed = has(Weakness.ARMED_EARLY) && at.read(ARMED) <= hiddenUntilMs;
        at.swap(CONTROL, ControlWord.publishDelayed(cut(generations), hiddenUntilMs));
        if (!armed) {
            arm(at, hiddenUntilMs);
        }
    }

    private void newChunk(Steps at, int generation) {
        if (has(Weakness.GENERATION_FIRST)) {
            at.write(GENERATION, generation);
        }
        at.write(FIRST_SEQUENCE, NEW_SEQUENCE);
        if (!has(Weakness.GENERATION_FIRST)) {
            at.write(GENERATION, generation);
        }
        at.write(CONTROL, ControlWord.free(cut(generation)));
    }

    private static void arm(Steps at, long atMs) {
        long armed = at.read(ARMED);
        while (armed > atMs) {
            final long witness = at.exchange(ARMED, armed, atMs);
            if (witness == armed) {
                return;
            }
            armed = witness;
        }
    }
}
