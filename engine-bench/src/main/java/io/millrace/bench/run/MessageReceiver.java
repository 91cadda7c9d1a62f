package io.millrace.bench.run;

/** One thread's way out of what is measured. Confined to the thread that opened it. */
public interface MessageReceiver extends AutoCloseable {
    /** Receives, looks at and acknowledges at most {@code max} messages; how many there were. */
    int receive(int max);

    @Override
    void close();
}
