package io.millrace.api.raw;

import io.millrace.api.Attributes;
import java.nio.ByteBuffer;

/**
 * Room for one message, reserved by {@link RawSender#tryClaim}, to be filled and committed. Confined to the thread of
 * its sender.
 *
 * <p>The caller keeps the object and uses it again and again. Everything but the payload is set before the claim is
 * opened, and holds for the next claim that succeeds:
 *
 * <pre>{@code
 * claim.delayMs(500);
 * if (sender.tryClaim(12, claim) >= 0) {
 *     claim.buffer().putLong(claim.offset(), orderId);
 *     claim.buffer().putInt(claim.offset() + 8, quantity);
 *     claim.commit();
 * }
 * }</pre>
 */
public interface Claim {
    /**
     * Sets the delay of the next message, in place of the queue's.
     *
     * @param delayMs milliseconds for which the message stays hidden after the commit, 0 to 90 days; 0 makes it visible
     *     at once
     * @return this
     * @throws IllegalArgumentException if the delay is out of range
     * @throws IllegalStateException if the claim is open
     */
    Claim delayMs(long delayMs);

    /**
     * Sets the attributes of the next message.
     *
     * @param attributes the attributes, possibly none, not null
     * @return this
     * @throws IllegalStateException if the claim is open
     */
    Claim attributes(Attributes attributes);

    /**
     * Whether there is room that was neither committed nor aborted.
     *
     * @return true from a successful {@link RawSender#tryClaim} on, until the commit or abort
     */
    boolean isOpen();

    /**
     * Where to write the payload: from {@link #offset()} on, {@link #length()} bytes, with the absolute methods. Valid
     * while the claim is open; whoever writes later, or elsewhere in the buffer, destroys messages.
     *
     * @return a buffer in native byte order whose limit is the end of the room
     * @throws IllegalStateException if the claim is not open
     */
    ByteBuffer buffer();

    /**
     * The place in the buffer of the payload's first byte.
     *
     * @return 0 or more
     * @throws IllegalStateException if the claim is not open
     */
    int offset();

    /**
     * The number of bytes that were claimed.
     *
     * @return 1 or more
     * @throws IllegalStateException if the claim is not open
     */
    int length();

    /**
     * The message number.
     *
     * @return what {@link RawSender#tryClaim} returned
     * @throws IllegalStateException if the claim is not open
     */
    long sequence();

    /**
     * Sends what was written.
     *
     * <ul>
     *   <li><b>Durability</b>: that of the engine; the message has it when this returns.
     *   <li><b>Ordering</b>: the message has the place that it took when it was claimed.
     *   <li><b>Delivery</b>: receivable when this method returns, or when the delay is over.
     *   <li><b>Blocking</b>: never, but for a force of the log at {@code POWER_LOSS}.
     *   <li><b>Cost</b>: O(1), and O(log n) for a delay; allocates nothing.
     * </ul>
     *
     * @return the message number, or {@link Codes#CLOSED} if the queue was deleted or the engine closed meanwhile; then
     *     there is no message
     * @throws IllegalStateException if the claim is not open
     */
    long commit();

    /**
     * Gives the room up: there is no message. Does nothing if the claim is not open, so it may stand in a {@code
     * finally}.
     *
     * <ul>
     *   <li><b>Durability</b>: none.
     *   <li><b>Ordering</b>: the place in the queue stays empty.
     *   <li><b>Delivery</b>: none.
     *   <li><b>Blocking</b>: never.
     *   <li><b>Cost</b>: O(1); allocates nothing.
     * </ul>
     */
    void abort();
}
