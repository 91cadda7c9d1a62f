package io.millrace.bench.cli;

import java.io.Serial;

/** What was asked for cannot be: the user has to change the command. Thread-safe. */
final class UsageException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** @param message names the option and its value */
    UsageException(String message) {
        super(message);
    }
}
