package io.millrace.api;

import io.millrace.api.check.Arguments;
import java.io.Serial;

/**
 * Thrown when a receipt handle is malformed, forged, or of another queue or engine. Thread-safe.
 *
 * <p>A receipt that was valid once and is stale now is no error: the operation answers false.
 */
public final class InvalidReceiptException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MAX_SHOWN_CHARS = 64;

    /** What is wrong with the receipt. */
    private final String reason;

    /**
     * Names the reason and the receipt, of which the message shows 64 characters at most.
     *
     * @param reason what is wrong with it, for example {@code receipt is malformed}, not null
     * @param receipt the receipt as text, not null
     */
    public InvalidReceiptException(String reason, String receipt) {
        super(reason + ": receipt=" + Arguments.shown(receipt, MAX_SHOWN_CHARS));
        this.reason = reason;
    }

    /**
     * What is wrong with the receipt.
     *
     * @return for example {@code receipt is malformed}
     */
    public String reason() {
        return reason;
    }
}
