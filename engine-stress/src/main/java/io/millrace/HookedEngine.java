package io.millrace;

import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.core.file.FileHook;
import java.nio.file.Path;

/** Opens engines whose system calls on files a test may let fail. Stateless. */
public final class HookedEngine {
    private HookedEngine() {}

    /** Opens an engine as {@link Engine#open(Path, Durability, EngineConfig)} does. */
    public static Engine open(Path directory, Durability durability, EngineConfig config, FileHook hook) {
        return OpenEngine.open(directory, durability, config, hook);
    }
}
