package io.millrace.api.raw;

/**
 * A queue for callers who must not allocate: hands out senders and receivers, one for each thread that wants one.
 * Thread-safe.
 */
public interface RawQueue {
    /**
     * Opens a sender for the calling thread.
     *
     * @return a new sender, to be closed by the caller, else with the engine
     */
    RawSender sender();

    /**
     * Opens a receiver for the calling thread.
     *
     * @return a new receiver, to be closed by the caller, else with the engine
     */
    RawReceiver receiver();
}
