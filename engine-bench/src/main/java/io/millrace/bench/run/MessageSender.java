package io.millrace.bench.run;

/** One thread's way into the queue that is measured. Confined to the thread that opened it. */
interface MessageSender extends AutoCloseable {
    /**
     * Sends a message.
     *
     * @return false if there is no room for it now
     * @throws IllegalStateException if there never will be
     */
    boolean trySend(long stampNs);

    @Override
    void close();
}
