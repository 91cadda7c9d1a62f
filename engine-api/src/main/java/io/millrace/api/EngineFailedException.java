package io.millrace.api;

import java.io.Serial;

/**
 * Thrown when the disk did not take what it was told to keep. The engine has failed for good: nothing was acknowledged after
 * that, and every later call throws this too, until the directory is opened again. Thread-safe.
 *
 * <p>A call that was under way may or may not have had its effect; opening again tells.
 */
public final class EngineFailedException extends EngineException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Says what failed.
     *
     * @param what what failed, as a sentence without a full stop and pairs {@code name=value}
     * @param cause what the operating system answered
     */
    public EngineFailedException(String what, Throwable cause) {
        super("engine has failed: " + what + "; close it, look at the disk, then open the directory again", cause);
    }

    /**
     * It has.
     *
     * @return true
     */
    @Override
    public boolean isFatal() {
        return true;
    }
}
