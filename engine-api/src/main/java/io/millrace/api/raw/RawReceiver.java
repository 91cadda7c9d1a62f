package io.millrace.api.raw;

/**
 * Receives messages from a queue without allocating. Confined to one thread: the one that opened it.
 *
 * <p>The handler decides about most messages by what it returns; those that it holds are ended later by their delivery
 * number.
 */
public interface RawReceiver extends AutoCloseable {
    /**
     * Receives messages and calls the handler with each, on this thread, while they are hidden for the queue's
     * visibility timeout.
     *
     * <p>If the handler throws, its message stays in flight until the visibility timeout is over, the messages that it
     * was not called with are given back as if never received, and the exception goes to the caller. A message for
     * which it returns {@link Disposition#DEAD_LETTER} although the queue has no dead-letter queue stays in flight, and
     * the poll ends with an {@link IllegalStateException} after the others have been dealt with.
     *
     * <ul>
     *   <li><b>Durability</b>: receive counts and deadlines survive the process in a directory; they are never forced by themselves.
     *   <li><b>Ordering</b>: messages that came back first, then the others, each oldest first.
     *   <li><b>Delivery</b>: at least once.
     *   <li><b>Blocking</b>: never, but for what the handler does and for a message whose record is being moved to other
     *       memory, which takes one copy.
     *   <li><b>Cost</b>: O(1) amortised for each message at any backlog; copies and allocates nothing. A poll that finds
     *       nothing takes cache lines from the thread that is about to send, so pause between such polls, a microsecond at
     *       first.
     * </ul>
     *
     * @param handler what to do with each message, not null. It must not call this receiver
     * @param limit most messages to receive, 1 to 1,000,000; a poll may deal with fewer although more are there
     * @return how many messages were dealt with, not counting one at which the handler stopped; or {@link
     *     Codes#IN_FLIGHT_LIMIT} if there was no room for a single one, or {@link Codes#CLOSED}
     * @throws IllegalArgumentException if the limit is out of range
     * @throws IllegalStateException if called by the handler, or as said above
     */
    int poll(RawHandler handler, int limit);

    /**
     * Acknowledges a message that was held: it is done and will not come back.
     *
     * <ul>
     *   <li><b>Durability</b>: that of {@link io.millrace.api.queue.QueueConfig#ackDurability()}, which the effect has when this returns.
     *   <li><b>Ordering</b>: none between messages.
     *   <li><b>Delivery</b>: no delivery begins after this method has returned. It succeeds for as long as the message
     *       exists, even after the visibility timeout.
     *   <li><b>Blocking</b>: never, but for a force of the log at {@code POWER_LOSS}.
     *   <li><b>Cost</b>: O(1); allocates nothing.
     * </ul>
     *
     * @param deliveryNumber names the delivery, of any receiver of the queue; 0 or more
     * @return 0, or {@link Codes#STALE} if the message does not exist any more, or {@link Codes#CLOSED}
     * @throws IllegalArgumentException if the number is negative
     */
    long ack(long deliveryNumber);

    /**
     * Gives a message back that was held: it becomes visible again after a delay.
     *
     * <ul>
     *   <li><b>Durability</b>: deadlines survive the process in a directory; they are never forced by themselves.
     *   <li><b>Ordering</b>: the message takes its old place again, before all that were sent later.
     *   <li><b>Delivery</b>: will be delivered again, with a receive count one higher, or moved to the dead-letter
     *       queue if it has been received often enough.
     *   <li><b>Blocking</b>: never.
     *   <li><b>Cost</b>: O(log n) in the number of waiting messages; allocates nothing.
     * </ul>
     *
     * @param deliveryNumber names the delivery, of any receiver of the queue; 0 or more
     * @param delayMs milliseconds from now for which the message stays hidden, 0 or more; with the time since it was
     *     received at most the queue's visibility cap
     * @return 0, or {@link Codes#STALE} if the message is not in flight, or {@link Codes#CLOSED}
     * @throws IllegalArgumentException if a number is negative or the delay goes beyond the cap
     */
    long retryAfter(long deliveryNumber, long delayMs);

    /**
     * Keeps a message for longer: it now stays hidden until {@code visibilityTimeoutMs} from now, whatever was left of
     * its deadline.
     *
     * <ul>
     *   <li><b>Durability</b>: deadlines survive the process in a directory; they are never forced by themselves.
     *   <li><b>Ordering</b>: none.
     *   <li><b>Delivery</b>: no other delivery begins before the new deadline.
     *   <li><b>Blocking</b>: never.
     *   <li><b>Cost</b>: O(log n) in the number of messages in flight; allocates nothing.
     * </ul>
     *
     * @param deliveryNumber names the delivery, of any receiver of the queue; 0 or more
     * @param visibilityTimeoutMs milliseconds from now, 0 or more; with the time since the message was received at most
     *     the queue's visibility cap
     * @return 0, or {@link Codes#STALE} if the message is not in flight, or {@link Codes#CLOSED}
     * @throws IllegalArgumentException if a number is negative or the timeout goes beyond the cap
     */
    long extend(long deliveryNumber, long visibilityTimeoutMs);

    /** Ends; held messages stay in flight until their visibility timeout is over. Does nothing if already closed. */
    @Override
    void close();
}
