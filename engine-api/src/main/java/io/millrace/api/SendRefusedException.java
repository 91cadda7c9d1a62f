package io.millrace.api;

import io.millrace.api.check.Arguments;
import java.io.Serial;

/**
 * Thrown by the sending methods that cannot answer with a value, when a limit was in the way. Thread-safe.
 *
 * <p>{@code trySend} and {@code sendAll} answer the same as a value.
 */
public final class SendRefusedException extends EngineException {
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
    public SendRefusedException(Refusal refusal) {
        super("send was refused: " + Arguments.notNull("refusal", refusal));
        this.reason = refusal.reason();
        this.detail = refusal.detail();
    }

    /**
     * Which limit was in the way.
     *
     * @return the same as {@code why()} of a refused result
     */
    public Refusal refusal() {
        return new Refusal(reason, detail);
    }
}
