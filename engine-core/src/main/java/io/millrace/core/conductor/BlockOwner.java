package io.millrace.core.conductor;

import io.millrace.core.log.Cleaner;

/** Whoever owns blocks of slots, must hear when one of them is due, and knows which records live: a queue. Thread-safe. */
public interface BlockOwner {
    /**
     * Looks at the slots of a block whose time has come, and arms it again if one of them needs it. Called inside the gate
     * by one thread at a time; the block may have gone meanwhile.
     */
    void onBlockDue(int block, long nowMs);

    /**
     * Lets the cleaner copy the record of a message, if the message lives and its record is the one at {@code position}, and
     * lets the copy take its place. Called inside the gate by one thread at a time.
     */
    void relocate(long sequence, long position, Cleaner cleaner);

    /** The same for the record of the owner's own state. */
    void relocateState(long position, Cleaner cleaner);

    /** Called outside the gate after one or more {@link #onBlockDue}: waiting receivers may be served now. */
    void afterDue();
}
