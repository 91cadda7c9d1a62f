package io.millrace.api;

import java.io.Serial;

/**
 * What an engine throws when it cannot do what was asked correctly: one subtype for each thing that a caller can do
 * about it. Thread-safe.
 *
 * <p>Misuse (null, out of range, wrong state) is answered with the exceptions of the JDK instead.
 */
public abstract class EngineException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * For subtypes.
     *
     * @param message what failed, then pairs {@code name=value}, then what to do if it is not obvious
     */
    protected EngineException(String message) {
        super(message);
    }

    /**
     * For subtypes that another exception caused.
     *
     * @param message what failed, then pairs {@code name=value}, then what to do if it is not obvious
     * @param cause what happened underneath
     */
    protected EngineException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Whether the engine has failed for good and every later operation will fail too, until it is opened again.
     *
     * @return false unless a subtype says otherwise
     */
    public boolean isFatal() {
        return false;
    }
}
