package io.millrace.api.raw;

import java.nio.ByteBuffer;

/**
 * Sends messages to a queue without allocating. Confined to one thread: the one that opened it.
 *
 * <p>A message number is the message's place in its queue: zero or more, and increasing.
 */
public interface RawSender extends AutoCloseable {
    /**
     * Sends a message that is a copy of bytes, with the queue's delay and without attributes.
     *
     * <ul>
     *   <li><b>Durability</b>: that of the engine; the message has it when this returns.
     *   <li><b>Ordering</b>: messages of this sender enter the queue in the order of the calls.
     *   <li><b>Delivery</b>: receivable when this method returns, or when the queue's delay is over.
     *   <li><b>Blocking</b>: never, but for a force of the log at {@code POWER_LOSS}.
     *   <li><b>Cost</b>: O(length) for one copy; allocates nothing.
     * </ul>
     *
     * @param source where the payload is; its position and limit do not move; not null
     * @param offset place in the source of the payload's first byte, 0 or more
     * @param length number of bytes, 1 or more, with the offset at most the source's limit
     * @return the message number, or {@link Codes#OFF_HEAP_LIMIT}, {@link Codes#BACKLOG_LIMIT}, {@link
     *     Codes#MESSAGE_TOO_LARGE} or {@link Codes#CLOSED}
     * @throws IllegalArgumentException if the length is below 1
     * @throws IndexOutOfBoundsException if the payload is not within the source
     */
    long offer(ByteBuffer source, int offset, int length);

    /**
     * Sends a message that is a copy of bytes, with a delay of its own and without attributes.
     *
     * <ul>
     *   <li><b>Durability</b>: that of the engine; the message has it when this returns.
     *   <li><b>Ordering</b>: messages of this sender enter the queue in the order of the calls.
     *   <li><b>Delivery</b>: receivable when the delay is over.
     *   <li><b>Blocking</b>: never, but for a force of the log at {@code POWER_LOSS}.
     *   <li><b>Cost</b>: O(length) for one copy, and O(log n) for the delay; allocates nothing.
     * </ul>
     *
     * @param source where the payload is; its position and limit do not move; not null
     * @param offset place in the source of the payload's first byte, 0 or more
     * @param length number of bytes, 1 or more, with the offset at most the source's limit
     * @param delayMs milliseconds for which the message stays hidden, 0 to 90 days; 0 makes it visible at once
     * @return the message number, or {@link Codes#OFF_HEAP_LIMIT}, {@link Codes#BACKLOG_LIMIT}, {@link
     *     Codes#MESSAGE_TOO_LARGE} or {@link Codes#CLOSED}
     * @throws IllegalArgumentException if the length is below 1 or the delay out of range
     * @throws IndexOutOfBoundsException if the payload is not within the source
     */
    long offer(ByteBuffer source, int offset, int length, long delayMs);

    /**
     * Makes a claim object for this sender, to be kept and used for one message after the other.
     *
     * @return a new claim that is not open
     */
    Claim newClaim();

    /**
     * Reserves room for a message, to be written in place. The caller must then commit or abort the claim, and soon:
     * meanwhile the memory around it cannot be used again.
     *
     * <ul>
     *   <li><b>Durability</b>: none.
     *   <li><b>Ordering</b>: the place in the queue is taken here, not at the commit; receivers step over it until
     *       then.
     *   <li><b>Delivery</b>: none before the commit.
     *   <li><b>Blocking</b>: never.
     *   <li><b>Cost</b>: O(1), and O(length) of the attributes if there are any; allocates nothing.
     * </ul>
     *
     * @param length number of bytes of the payload, 1 or more
     * @param claim a claim of this sender that is not open, not null. A success uses up its delay and attributes;
     *     otherwise it keeps them
     * @return the message number, or {@link Codes#OFF_HEAP_LIMIT}, {@link Codes#BACKLOG_LIMIT}, {@link
     *     Codes#MESSAGE_TOO_LARGE} or {@link Codes#CLOSED}
     * @throws IllegalArgumentException if the length is below 1 or the claim is of another sender
     * @throws IllegalStateException if the claim is still open
     */
    long tryClaim(int length, Claim claim);

    /** Aborts the claims that are open, and ends. Does nothing if already closed. */
    @Override
    void close();
}
