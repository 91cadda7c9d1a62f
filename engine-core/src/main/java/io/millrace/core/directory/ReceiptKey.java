package io.millrace.core.directory;

import java.security.SecureRandom;

/**
 * The secret that receipts of a directory are made with; it stays the same over restarts, so that receipts do. Immutable.
 *
 * @param first the first 8 bytes
 * @param second the other 8 bytes
 */
public record ReceiptKey(long first, long second) {
    /** A new one. */
    public static ReceiptKey random(SecureRandom random) {
        return new ReceiptKey(random.nextLong(), random.nextLong());
    }

    /** Keeps the secret. */
    @Override
    public String toString() {
        return "ReceiptKey";
    }
}
