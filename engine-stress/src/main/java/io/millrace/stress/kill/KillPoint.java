package io.millrace.stress.kill;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Ends this JVM at a named place in production code, to which {@link KillPoints} adds the call. Thread-safe.
 *
 * <p>{@link Runtime#halt} runs nothing and writes nothing: for a directory it is what SIGKILL is, since stores into mapped
 * files are in the page cache already, and the caller never gets beyond this place.
 */
public final class KillPoint {
    /** What a process has that was ended by SIGKILL. */
    static final int KILLED = 137;

    /** Names the place. */
    static final String NAME_PROPERTY = "kill.point";

    /** How often the place is reached before the end, from 1. */
    static final String COUNT_PROPERTY = "kill.count";

    private static final String CHOSEN = System.getProperty(NAME_PROPERTY, "");
    private static final AtomicLong LEFT = new AtomicLong(Long.getLong(COUNT_PROPERTY, 1));

    private KillPoint() {}

    /** Called by production code that was changed for it. */
    @SuppressWarnings("SystemExitOutsideMain") // that is what it is for
    public static void reached(String name) {
        if (CHOSEN.equals(name) && LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
