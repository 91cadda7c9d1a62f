package io.millrace.api;

/** What an engine holds, by name. Thread-safe. */
public interface Catalog {
    /**
     * Whether there is a queue of that name.
     *
     * @param queue name of a queue, not null
     * @return true if it exists at this moment
     * @throws IllegalArgumentException if it is not a queue's name
     */
    boolean exists(String queue);

    /**
     * The first page of the names that begin with a prefix, in the order of their characters.
     *
     * @param prefix what names begin with, compared exactly; empty for all; not null
     * @param limit most names of the page, 1 or more
     * @return the page; its token is absent on the last one
     * @throws IllegalArgumentException if the limit is below 1
     */
    Page<String> list(String prefix, int limit);

    /**
     * The page behind another one. Queues that come and go meanwhile may or may not be listed; no other is left out or
     * listed twice.
     *
     * @param prefix the same prefix as for the page before, not null
     * @param limit most names of the page, 1 or more
     * @param token the token of the page before, not null
     * @return the page; its token is absent on the last one
     * @throws IllegalArgumentException if the limit is below 1, or the token is not of a page with this prefix
     */
    Page<String> list(String prefix, int limit, String token);

    /**
     * Deletes a queue with all its messages. Receives that wait there fail with {@link EngineClosedException}, and so
     * does every later use of the queue. A queue created afterwards under that name is another one.
     *
     * <p>Waits until the operations that are in progress in the engine have returned; O(n) in the messages.
     *
     * @param queue name of a queue, not null
     * @throws UnknownQueueException if there is no such queue
     */
    void delete(String queue);
}
