package io.millrace.bench.run;

/**
 * What a thread does while it can do nothing: spins, twice as long each time, then lets others run. So it looks rarely: each
 * look takes the lines that the other side is about to write. Confined to one thread.
 */
final class Idle {
    /** After 2^8 spins, one or two microseconds, the next pauses are as long. */
    private static final int LONGEST = 8;

    private static final int SPINNING = 12;

    private int idleFor;

    /** Nothing could be done. */
    @SuppressWarnings("ThreadPriorityCheck") // a hint that nothing depends on
    void pause() {
        if (idleFor == SPINNING) {
            Thread.yield();
            return;
        }
        for (int i = 1 << Math.min(idleFor, LONGEST); i > 0; i--) {
            Thread.onSpinWait();
        }
        idleFor++;
    }

    /** Something was done. */
    void reset() {
        idleFor = 0;
    }
}
