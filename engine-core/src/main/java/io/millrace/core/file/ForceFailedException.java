package io.millrace.core.file;

import java.io.IOException;
import java.io.Serial;

/**
 * The disk did not take what it was told to keep. Never to be tried again: the kernel may have dropped the pages and would
 * answer the next time that all is well. Thread-safe.
 */
public final class ForceFailedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    ForceFailedException(String file, IOException cause) {
        super("force failed: file=" + file + " error=" + cause.getMessage(), cause);
    }
}
