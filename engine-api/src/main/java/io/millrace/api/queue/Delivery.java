package io.millrace.api.queue;

import io.millrace.api.Attributes;
import io.millrace.api.EngineClosedException;
import io.millrace.api.MessageId;
import io.millrace.api.SendRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One hand-out of a message to a receiver: a copy of the message on the heap, which may be kept, and the four ways to
 * go on with it. Thread-safe.
 *
 * <p>{@link #ack}, {@link #retryAfter} and {@link #deadLetter} end the delivery; {@link #extend} prolongs it. A
 * delivery that nobody ends is over with its visibility timeout, and the message comes back. All four answer false, and
 * change nothing, if it is too late; once the queue is deleted or the engine closed they throw {@link
 * EngineClosedException}.
 */
public interface Delivery {
    /**
     * The id of the message, the same at every delivery.
     *
     * @return the id that sending returned
     */
    MessageId id();

    /**
     * Names this delivery in a form that can be stored or sent elsewhere, and used with {@link MessageQueue#ack} later.
     *
     * @return a value that differs from delivery to delivery
     */
    ReceiptHandle receipt();

    /**
     * How often the message has been received, this delivery included; it goes on in a dead-letter queue.
     *
     * @return 1 or more
     */
    int receiveCount();

    /**
     * The attributes that were sent with the message.
     *
     * @return the attributes, possibly none
     */
    Attributes attributes();

    /**
     * The payload.
     *
     * @return a new array of at least one byte
     */
    byte[] bytes();

    /**
     * The payload read as UTF-8; bytes that are not UTF-8 become U+FFFD.
     *
     * @return at least one character
     */
    String text();

    /**
     * When the message was sent, by the wall clock; kept when it moves to a dead-letter queue.
     *
     * @return an instant in whole milliseconds
     */
    Instant sentAt();

    /**
     * When the message was received for the first time, by the wall clock.
     *
     * @return an instant in whole milliseconds; that of this delivery if it is the first
     */
    Instant firstReceivedAt();

    /**
     * The queue from which the message was moved to this one as to its dead-letter queue.
     *
     * @return the name of the last such queue, or empty if it was never moved
     */
    Optional<String> deadLetterSource();

    /**
     * Why somebody moved the message to this queue by {@link #deadLetter}.
     *
     * @return the reason, or empty if it was not moved, or for having been received too often
     */
    Optional<String> deadLetterReason();

    /**
     * Acknowledges the message: it is done and will not come back.
     *
     * <ul>
     *   <li><b>Durability</b>: that of {@link QueueConfig#ackDurability()}, which the effect has when this returns.
     *   <li><b>Ordering</b>: none between messages.
     *   <li><b>Delivery</b>: no delivery begins after this method has returned. It succeeds for as long as the message
     *       exists, even after the visibility timeout.
     *   <li><b>Blocking</b>: never, but for a force of the log at {@code POWER_LOSS}.
     *   <li><b>Cost</b>: O(1); allocates nothing.
     * </ul>
     *
     * @return false if the message does not exist any more
     */
    boolean ack();

    /**
     * Gives the message back without acknowledging it: it becomes visible again after a delay.
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
     * @param delay how long from now the message stays hidden; with the time since it was received at most the queue's
     *     {@linkplain QueueConfig#visibilityCap() visibility cap}; zero makes it visible now; not null
     * @return false if the message is not in flight
     * @throws IllegalArgumentException if the delay is negative or goes beyond the cap
     */
    boolean retryAfter(Duration delay);

    /**
     * Keeps the message for longer: it now stays hidden until {@code visibilityTimeout} from now, whatever was left of
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
     * @param visibilityTimeout how long from now; with the time since the message was received at most the queue's
     *     {@linkplain QueueConfig#visibilityCap() visibility cap}; zero makes it visible now; not null
     * @return false if the message is not in flight
     * @throws IllegalArgumentException if the timeout is negative or goes beyond the cap
     */
    boolean extend(Duration visibilityTimeout);

    /**
     * Moves the message to the queue's dead-letter queue now, however often it has been received.
     *
     * <ul>
     *   <li><b>Durability</b>: that of the engine; the move has it when this returns.
     *   <li><b>Ordering</b>: the message takes the last place in the dead-letter queue.
     *   <li><b>Delivery</b>: the message is in exactly one of the two queues; at {@code POWER_LOSS} in neither for the length
     *       of a force.
     *   <li><b>Blocking</b>: never, but for a force of the log at {@code POWER_LOSS}.
     *   <li><b>Cost</b>: O(length) at most; allocates nothing that outlives the call.
     * </ul>
     *
     * @param reason why, for whoever looks at the dead-letter queue; 1 to 1,024 characters, not null
     * @return false if the message is not in flight
     * @throws IllegalArgumentException if the reason is empty or too long
     * @throws IllegalStateException if the queue has no dead-letter queue
     * @throws SendRefusedException if there is no room for the move
     */
    boolean deadLetter(String reason);
}
