package io.millrace.api;

/** What becomes of messages that were in flight when the engine ended. Immutable. */
public enum InFlightAtRestart {
    /** They stay hidden until their deadline: their receiver may be another process that still works on them. */
    KEEP,
    /** They are visible at once: whoever had received them is gone with the process. */
    RELEASE
}
