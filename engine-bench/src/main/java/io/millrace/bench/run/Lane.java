package io.millrace.bench.run;

/** A way for messages from one thread to another: a queue of the engine, or something to compare it with. Thread-safe. */
public interface Lane {
    /** A way in; it belongs to the calling thread. */
    MessageSender sender();

    /**
     * A way out; it belongs to the calling thread.
     *
     * @param arrivals told of every message, with its bytes
     */
    MessageReceiver receiver(Arrivals arrivals);
}
