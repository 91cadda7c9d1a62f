package io.millrace.api;

import io.millrace.api.check.Arguments;
import java.io.Serial;

/**
 * Thrown by a receive that does not wait, when the limit on messages in flight leaves no room for a single one.
 * Thread-safe.
 *
 * <p>A receive that waits, waits for room as it waits for messages.
 */
public final class ReceiveRefusedException extends EngineException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Which limit was in the way. */
    private final Refusal.Reason reason;

    /** The limit and what met it. */
    private final String detail;

    /**
     * Says why.
     *
     * @param refusal which limit was in the way, not null
     */
    public ReceiveRefusedException(Refusal refusal) {
        super("receive was refused: " + Arguments.notNull("refusal", refusal));
        this.reason = refusal.reason();
        this.detail = refusal.detail();
    }

    /**
     * Which limit was in the way.
     *
     * @return the reason and its details
     */
    public Refusal refusal() {
        return new Refusal(reason, detail);
    }
}
