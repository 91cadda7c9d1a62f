package io.millrace.bench.cli;

import java.util.Locale;

/** What {@code --durability} accepts. */
enum DurabilityLevel {
    /** Gone with the process. */
    MEMORY;

    /** The name as one types it, and as results show it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
