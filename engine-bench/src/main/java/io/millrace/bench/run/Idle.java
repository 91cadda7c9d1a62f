package io.millrace.bench.run;

/** What a thread does while it can do nothing: spins a little, then lets others run. Confined to one thread. */
final class Idle {
    private static final int SPINS = 64;

    private int idleFor;

    /** Nothing could be done. */
    @SuppressWarnings("ThreadPriorityCheck") // a hint that nothing depends on
    void pause() {
        if (idleFor < SPINS) {
            idleFor++;
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    /** Something was done. */
    void reset() {
        idleFor = 0;
    }
}
