package io.millrace.api;

import io.millrace.api.check.Arguments;
import java.io.Serial;

/**
 * Thrown by the use of something that has been closed or deleted, itself or with the engine that it belongs to.
 * Thread-safe.
 */
public final class EngineClosedException extends EngineException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * For something that has no name.
     *
     * @param message what is closed, for example {@code engine is closed}
     */
    public EngineClosedException(String message) {
        super(message);
    }

    /**
     * For something that has a name.
     *
     * @param what what is closed, for example {@code queue}
     * @param name its name, for example {@code orders}
     */
    public EngineClosedException(String what, String name) {
        super(what + " is closed: " + what + "=" + Arguments.shown(name, 100));
    }
}
