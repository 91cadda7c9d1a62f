package io.millrace.bench.demo;

/** Shows how far a demo is. Called by one thread at a time. */
public interface ProgressView extends AutoCloseable {
    /**
     * Shows the present state.
     *
     * @param acceptedBytes bytes of lines that came back
     * @param redeliveries deliveries that were not the first
     * @param deadLetters messages that were moved to the dead-letter queue so far
     */
    void show(long acceptedBytes, long redeliveries, long deadLetters);

    /** Leaves the terminal ready for the next line. */
    @Override
    void close();
}
