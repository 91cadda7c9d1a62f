package io.millrace.stress.faults;

import io.millrace.core.file.FileHook;
import java.io.IOException;

/** Lets the n-th system call fail, once or with all that follow. Thread-safe. */
final class FailingCalls implements FileHook {
    private final int first;
    private final boolean forGood;
    private final String error;
    private int count;
    private String failed = "";
    private boolean forceFailed;

    /** @param first the first call that fails, from 1; 0 for none */
    FailingCalls(int first, boolean forGood, String error) {
        this.first = first;
        this.forGood = forGood;
        this.error = error;
    }

    @Override
    public synchronized void before(Operation operation, String file) throws IOException {
        count++;
        if (first == 0 || (forGood ? count < first : count != first)) {
            return;
        }
        if (failed.isEmpty()) {
            failed = operation + " " + file;
        }
        final boolean force = operation == Operation.FORCE || operation == Operation.FORCE_DIRECTORY;
        forceFailed |= force && !file.endsWith(".new"); // of what is being prepared nothing counts yet
        throw new IOException(error);
    }

    /** The call that failed first, or empty. */
    synchronized String failed() {
        return failed;
    }

    /** Whether something that counts could not be forced. */
    synchronized boolean hasForceFailed() {
        return forceFailed;
    }

    synchronized int count() {
        return count;
    }
}
