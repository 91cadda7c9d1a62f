package io.millrace.bench.demo;

import io.millrace.Engine;
import io.millrace.api.Durability;
import java.nio.file.Path;

/**
 * Where the messages of a demo are. Immutable.
 *
 * @param durability what they survive
 * @param directory where they are kept; not used in memory
 */
public record Storage(Durability durability, Path directory) {
    /** Messages that are gone with the process. */
    public static Storage inMemory() {
        return new Storage(Durability.MEMORY, Path.of(""));
    }

    /** Opens an engine there. */
    Engine open() {
        return durability == Durability.MEMORY ? Engine.inMemory() : Engine.open(directory, durability);
    }
}
