package io.millrace;

import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.core.file.FileHook;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;

/** Opens engines on directories, and counts how often they force a file to the disk. Thread-safe. */
public final class ForceCounter {
    private final LongAdder forces = new LongAdder();

    /** Opens an engine as {@link Engine#open(Path, Durability, EngineConfig)} does. */
    public Engine open(Path directory, Durability durability, EngineConfig config) {
        return OpenEngine.open(directory, durability, config, new Counting());
    }

    /** System calls that have forced a file, or a range of one. */
    public long forces() {
        return forces.sum();
    }

    private final class Counting implements FileHook {
        @Override
        public void before(Operation operation, String file) {}

        @Override
        public void after(Operation operation, String file, long offset, long length) {
            if (operation == Operation.FORCE) {
                forces.increment();
            }
        }
    }
}
