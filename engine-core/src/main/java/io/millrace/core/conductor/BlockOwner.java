package io.millrace.core.conductor;

/** Whoever owns blocks of slots and must hear when one of them is due: a queue. Thread-safe. */
public interface BlockOwner {
    /**
     * Looks at the slots of a block whose time has come, and arms it again if one of them needs it. Called inside the gate
     * by one thread at a time; the block may have gone meanwhile.
     */
    void onBlockDue(int block, long nowMs);

    /** Called outside the gate after one or more {@link #onBlockDue}: waiting receivers may be served now. */
    void afterDue();
}
