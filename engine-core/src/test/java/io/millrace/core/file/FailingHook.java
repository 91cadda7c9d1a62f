package io.millrace.core.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lets the n-th system call fail, once or with all that follow, and writes down which there were. */
public final class FailingHook implements FileHook {
    private final List<String> calls = new ArrayList<>();
    private final int failing;
    private final boolean forGood;
    private final String error;
    private int count;

    /** @param failing the first call that fails, from 1; 0 for none */
    public FailingHook(int failing, boolean forGood, String error) {
        this.failing = failing;
        this.forGood = forGood;
        this.error = error;
    }

    public static FailingHook never() {
        return new FailingHook(0, false, "");
    }

    @Override
    public synchronized void before(Operation operation, String file) throws IOException {
        count++;
        calls.add(operation + " " + file);
        if (failing > 0 && (forGood ? count >= failing : count == failing)) {
            throw new IOException(error);
        }
    }

    /** Whether a call has failed. */
    public synchronized boolean hasFailed() {
        return failing > 0 && count >= failing;
    }

    /** The calls so far, each as operation and file, without those that only look. */
    public synchronized List<String> changes() {
        return calls.stream()
                .filter(call -> !call.startsWith("LOOK") && !call.startsWith("LIST") && !call.startsWith("READ"))
                .toList();
    }

    /** The calls so far, each as operation and file. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }
}
