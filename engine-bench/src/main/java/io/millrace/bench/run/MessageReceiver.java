package io.millrace.bench.run;

/** One thread's way out of the queue that is measured. Confined to the thread that opened it. */
interface MessageReceiver extends AutoCloseable {
    /** Receives, looks at and acknowledges at most {@code max} messages; how many there were. */
    int receive(int max);

    @Override
    void close();
}
