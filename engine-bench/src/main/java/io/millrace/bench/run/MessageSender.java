package io.millrace.bench.run;

/** One thread's way into what is measured. Confined to the thread that opened it. */
public interface MessageSender extends AutoCloseable {
    /**
     * Sends a message.
     *
     * @param stampNs what the message carries in its first eight bytes: when it was sent, or {@link Samples#NONE}
     * @return false if there is no room for it now
     * @throws IllegalStateException if there never will be
     */
    boolean trySend(long stampNs);

    /**
     * Sends what was gathered, if this sender gathers messages.
     *
     * @return false if there is no room for it now
     */
    default boolean flush() {
        return true;
    }

    @Override
    void close();
}
