package io.millrace.bench.recovery;

import java.util.Locale;

/** What is timed. */
public enum RecoveryCase {
    /** The engine was closed in order; the JVM has just been started. */
    CLEAN_COLD,
    /** The engine was closed in order; the JVM has opened the directory before. */
    CLEAN_WARM,
    /** The process ended without warning; the JVM has just been started. */
    DIRTY_COLD;

    /** The name as results show it, for example {@code clean-cold}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
