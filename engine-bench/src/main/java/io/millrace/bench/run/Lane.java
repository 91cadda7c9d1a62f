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

    /** A way in for messages whose sending is not measured; it belongs to the calling thread. */
    default MessageSender filler() {
        return sender();
    }

    /** Called when nobody is at work, before each round: a lane that shows what new memory costs begins anew. */
    default void beforeRound() {}

    /** System calls so far that forced a file. */
    default long forces() {
        return 0;
    }
}
