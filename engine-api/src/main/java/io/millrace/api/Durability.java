package io.millrace.api;

/**
 * What is still there after which disaster. Immutable. An effect has reached its level before the call that caused it
 * returns; GUARANTEES has the table.
 */
public enum Durability {
    /** Gone with the process. */
    MEMORY,
    /** Survives the end of the process, however sudden; what the machine had not yet written is lost when its power is. */
    PROCESS_CRASH,
    /** Survives the loss of power, as far as the disk keeps what it says it has written. */
    POWER_LOSS
}
