package io.millrace.bench.run;

import io.millrace.api.Durability;
import io.millrace.bench.disk.WorkDirectory;
import java.nio.file.Path;

/**
 * What the messages of a benchmark survive, and where they are kept meanwhile. Immutable.
 *
 * @param level what sends wait for
 * @param ackLevel what acknowledgements wait for; {@code PROCESS_CRASH} or {@code POWER_LOSS}, counts at {@code POWER_LOSS}
 *     alone
 * @param parent directory in which a new one is made for each engine, and deleted; not used in memory
 */
public record Persistence(Durability level, Durability ackLevel, Path parent) {
    /** Messages that are gone with the process. */
    public static Persistence inMemory() {
        return at(Durability.MEMORY, WorkDirectory.temporary());
    }

    /** A level for sends and acknowledgements alike. */
    public static Persistence at(Durability level, Path parent) {
        return new Persistence(level, Durability.POWER_LOSS, parent);
    }

    /** Whether acknowledgements wait for less than sends. */
    public boolean hasWeakerAcks() {
        return isForced() && ackLevel != Durability.POWER_LOSS;
    }

    /** Whether messages are kept in files. */
    public boolean isOnDisk() {
        return level != Durability.MEMORY;
    }

    /** Whether sends wait for the disk. */
    public boolean isForced() {
        return level == Durability.POWER_LOSS;
    }
}
