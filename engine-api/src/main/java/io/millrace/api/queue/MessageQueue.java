package io.millrace.api.queue;

import io.millrace.api.EngineClosedException;
import io.millrace.api.InvalidReceiptException;
import io.millrace.api.Message;
import io.millrace.api.MessageId;
import io.millrace.api.ReceiveRefusedException;
import io.millrace.api.SendRefusedException;
import io.millrace.api.raw.RawQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A queue: messages go in, and each is handed to one receiver at a time until one of them acknowledges it. Thread-safe.
 *
 * <p>Receiving hides a message for the queue's visibility timeout. Whoever has dealt with it acknowledges it, and it is
 * gone; a receiver that fails or forgets does nothing, and the message comes back by itself. So every message is
 * delivered at least once, and handlers must bear being given the same one twice.
 *
 * <p>Messages are handed out oldest first as far as that is possible: a message that came back goes before those never
 * received, and competing receivers finish in any order.
 *
 * <p>Every operation, a waiting one included, ends with {@link EngineClosedException} once the queue is deleted or the
 * engine closed; deliveries received by then can be read for ever, but no longer ended.
 */
public interface MessageQueue {
    /**
     * The name under which the engine knows the queue.
     *
     * @return a name that follows {@link QueueNames}
     */
    String name();

    /**
     * Sends a message; waits while a limit is in the way, at most for the queue's {@linkplain QueueConfig#sendTimeout()
     * send timeout}.
     *
     * <ul>
     *   <li><b>Durability</b>: that of the engine; the message has it when this returns.
     *   <li><b>Ordering</b>: messages sent by one thread enter the queue in that order.
     *   <li><b>Delivery</b>: receivable when this method returns, or when the delay is over.
     *   <li><b>Blocking</b>: only for room, and for a force of the log at {@code POWER_LOSS}. An interrupt ends the wait as the timeout does, and stays set.
     *   <li><b>Cost</b>: O(length) for the copy off-heap; allocates the id.
     * </ul>
     *
     * @param message what to send, not null
     * @return the id that the message has in this queue
     * @throws SendRefusedException if there was no room until the timeout, or the message is too large for the queue
     */
    MessageId send(Message message);

    /**
     * Sends a text: short for {@code send(Message.text(text))}.
     *
     * <ul>
     *   <li><b>Durability</b>: that of the engine; the message has it when this returns.
     *   <li><b>Ordering</b>: messages sent by one thread enter the queue in that order.
     *   <li><b>Delivery</b>: receivable when this method returns, or when the queue's delay is over.
     *   <li><b>Blocking</b>: only for room, and for a force of the log at {@code POWER_LOSS}. An interrupt ends the wait as the timeout does, and stays set.
     *   <li><b>Cost</b>: O(length) for two copies; allocates the encoded text and the id.
     * </ul>
     *
     * @param text at least one character, not null
     * @return the id that the message has in this queue
     * @throws SendRefusedException if there was no room until the timeout, or the message is too large for the queue
     */
    default MessageId send(String text) {
        return send(Message.text(text));
    }

    /**
     * Sends a message if there is room for it now.
     *
     * <ul>
     *   <li><b>Durability</b>: that of the engine; the message has it when this returns.
     *   <li><b>Ordering</b>: messages sent by one thread enter the queue in that order.
     *   <li><b>Delivery</b>: if accepted, receivable when this method returns, or when the delay is over.
     *   <li><b>Blocking</b>: never, but for a force of the log at {@code POWER_LOSS}.
     *   <li><b>Cost</b>: O(length) for the copy off-heap; allocates the id and the result.
     * </ul>
     *
     * @param message what to send, not null
     * @return the id, or which limit was in the way
     */
    SendResult trySend(Message message);

    /**
     * Sends each message of a list for which there is room now. One that is refused does not keep the others back.
     *
     * <ul>
     *   <li><b>Durability</b>: that of the engine; the message has it when this returns.
     *   <li><b>Ordering</b>: the accepted ones enter the queue in the order of the list; messages of other threads may
     *       come between them.
     *   <li><b>Delivery</b>: each accepted one is receivable when this method returns, or when its delay is over.
     *   <li><b>Blocking</b>: never, but for a force of the log at {@code POWER_LOSS}.
     *   <li><b>Cost</b>: O(total length); allocates a list, and an id and a result for each message.
     * </ul>
     *
     * @param batch what to send, possibly nothing; neither the list nor an element is null
     * @return one result for each message, in the order of the list
     */
    List<SendResult> sendAll(List<Message> batch);

    /**
     * Receives what is there now, whatever the queue's {@linkplain QueueConfig#receiveWait() receive wait}.
     *
     * <ul>
     *   <li><b>Durability</b>: receive counts and deadlines survive the process in a directory; they are never forced by themselves.
     *   <li><b>Ordering</b>: messages that came back first, then the others, each oldest first.
     *   <li><b>Delivery</b>: at least once; each message is hidden for the queue's visibility timeout.
     *   <li><b>Blocking</b>: never, but for a force of the log at {@code POWER_LOSS} if it moves or cleans something.
     *   <li><b>Cost</b>: O(1) amortised for each message at any backlog; allocates a heap copy of each.
     * </ul>
     *
     * @param max most messages to receive, 1 to 1,000,000
     * @return the deliveries, possibly none
     * @throws ReceiveRefusedException if the limit on messages in flight leaves no room for a single one
     */
    List<Delivery> receive(int max);

    /**
     * Receives what is there, and waits for the first message if there is none. It never waits for more than one.
     *
     * <ul>
     *   <li><b>Durability</b>: receive counts and deadlines survive the process in a directory; they are never forced by themselves.
     *   <li><b>Ordering</b>: messages that came back first, then the others, each oldest first; waiting receivers are
     *       served first come, first served.
     *   <li><b>Delivery</b>: at least once; each message is hidden for the queue's visibility timeout.
     *   <li><b>Blocking</b>: until there is a message, and room for one in flight, or the wait is over. An interrupt
     *       ends the wait with an empty list, and stays set.
     *   <li><b>Cost</b>: O(1) amortised for each message at any backlog; allocates a heap copy of each.
     * </ul>
     *
     * @param max most messages to receive, 1 to 1,000,000
     * @param wait longest wait, zero to one hour, not null; zero does not wait
     * @return the deliveries, possibly none
     * @throws ReceiveRefusedException if the wait is zero and the limit on messages in flight leaves no room
     */
    List<Delivery> receive(int max, Duration wait);

    /**
     * Receives as the options say; without a wait of their own the queue's {@linkplain QueueConfig#receiveWait()
     * receive wait} applies.
     *
     * <ul>
     *   <li><b>Durability</b>: receive counts and deadlines survive the process in a directory; they are never forced by themselves.
     *   <li><b>Ordering</b>: messages that came back first, then the others, each oldest first; waiting receivers are
     *       served first come, first served.
     *   <li><b>Delivery</b>: at least once; each message is hidden for the options' visibility timeout, else for the
     *       queue's.
     *   <li><b>Blocking</b>: until there is a message, and room for one in flight, or the wait is over. An interrupt
     *       ends the wait with an empty list, and stays set.
     *   <li><b>Cost</b>: O(1) amortised for each message at any backlog; allocates a heap copy of each.
     * </ul>
     *
     * @param options how many, how long to wait, how long to hide; not null
     * @return the deliveries, possibly none
     * @throws IllegalArgumentException if the visibility timeout is above the queue's cap
     * @throws ReceiveRefusedException if there is no wait and the limit on messages in flight leaves no room
     */
    List<Delivery> receive(ReceiveOptions options);

    /**
     * Receives without keeping a thread: the future completes with the first messages, or with none when the wait is
     * over.
     *
     * <ul>
     *   <li><b>Durability</b>: receive counts and deadlines survive the process in a directory; they are never forced by themselves.
     *   <li><b>Ordering</b>: as {@link #receive(ReceiveOptions)}; a future waits in one line with the threads that
     *       wait.
     *   <li><b>Delivery</b>: at least once. A future that was cancelled gives back what it was about to get, as if
     *       never received.
     *   <li><b>Blocking</b>: never, as {@link #receive(int)}. The future completes on the thread that sent the message or on the engine's own,
     *       which actions that depend on it must not hold up.
     *   <li><b>Cost</b>: O(1) amortised for each message at any backlog; allocates the future, and a heap copy of each
     *       message.
     * </ul>
     *
     * @param options how many, how long to wait, how long to hide; not null
     * @return the deliveries, possibly none. The future fails with the exceptions that the waiting form throws
     * @throws IllegalArgumentException if the visibility timeout is above the queue's cap
     */
    CompletableFuture<List<Delivery>> receiveAsync(ReceiveOptions options);

    /**
     * Acknowledges a message by its receipt: it is done and will not come back.
     *
     * <ul>
     *   <li><b>Durability</b>: that of {@link QueueConfig#ackDurability()}, which the effect has when this returns.
     *   <li><b>Ordering</b>: none between messages.
     *   <li><b>Delivery</b>: no delivery begins after this method has returned. Any receipt of a message will do for as
     *       long as the message exists, also an earlier one and one whose visibility timeout is over.
     *   <li><b>Blocking</b>: never, but for a force of the log at {@code POWER_LOSS}.
     *   <li><b>Cost</b>: O(1); allocates nothing.
     * </ul>
     *
     * @param receipt names the delivery, not null
     * @return false if the message does not exist any more
     * @throws InvalidReceiptException if the receipt is forged or of another queue or engine
     */
    boolean ack(ReceiptHandle receipt);

    /**
     * Acknowledges many messages. Every receipt is verified before the first is used.
     *
     * <ul>
     *   <li><b>Durability</b>: that of {@link QueueConfig#ackDurability()}, which the effect has when this returns.
     *   <li><b>Ordering</b>: in the order of the list; the acks of other threads may come between them.
     *   <li><b>Delivery</b>: no delivery of any of them begins after this method has returned.
     *   <li><b>Blocking</b>: never, but for a force of the log at {@code POWER_LOSS}.
     *   <li><b>Cost</b>: O(number of receipts); allocates the list.
     * </ul>
     *
     * @param receipts name the deliveries, possibly none; neither the list nor an element is null
     * @return for each receipt, in order, false if its message does not exist any more
     * @throws InvalidReceiptException if one of the receipts is forged or of another queue or engine
     */
    List<Boolean> ackAll(List<ReceiptHandle> receipts);

    /**
     * Ends the current flight of a message without acknowledging it: it becomes visible again after a delay.
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
     * @param receipt names the delivery, not null
     * @param delay how long from now the message stays hidden; with the time since it was received at most the queue's
     *     {@linkplain QueueConfig#visibilityCap() visibility cap}; zero makes it visible now; not null
     * @return false if the message is not in flight
     * @throws IllegalArgumentException if the delay is negative or goes beyond the cap
     * @throws InvalidReceiptException if the receipt is forged or of another queue or engine
     */
    boolean retryAfter(ReceiptHandle receipt, Duration delay);

    /**
     * Does {@link #retryAfter} for many messages with one delay. Every receipt is verified before the first is used.
     *
     * <ul>
     *   <li><b>Durability</b>: deadlines survive the process in a directory; they are never forced by themselves.
     *   <li><b>Ordering</b>: each message takes its old place again, before all that were sent later.
     *   <li><b>Delivery</b>: as {@link #retryAfter}, for each.
     *   <li><b>Blocking</b>: never.
     *   <li><b>Cost</b>: O(log n) for each message; allocates the list.
     * </ul>
     *
     * @param receipts name the deliveries, possibly none; neither the list nor an element is null
     * @param delay how long from now the messages stay hidden, not null
     * @return for each receipt, in order, false if its message is not in flight or the delay goes beyond the cap of its
     *     flight
     * @throws IllegalArgumentException if the delay is negative or above the queue's visibility cap
     * @throws InvalidReceiptException if one of the receipts is forged or of another queue or engine
     */
    List<Boolean> retryAllAfter(List<ReceiptHandle> receipts, Duration delay);

    /**
     * Keeps a message in flight for longer: it now stays hidden until {@code visibilityTimeout} from now, whatever was
     * left of its deadline.
     *
     * <ul>
     *   <li><b>Durability</b>: deadlines survive the process in a directory; they are never forced by themselves.
     *   <li><b>Ordering</b>: none.
     *   <li><b>Delivery</b>: no other delivery begins before the new deadline.
     *   <li><b>Blocking</b>: never.
     *   <li><b>Cost</b>: O(log n) in the number of messages in flight; allocates nothing.
     * </ul>
     *
     * @param receipt names the delivery, not null
     * @param visibilityTimeout how long from now; with the time since the message was received at most the queue's
     *     {@linkplain QueueConfig#visibilityCap() visibility cap}; zero makes it visible now; not null
     * @return false if the message is not in flight
     * @throws IllegalArgumentException if the timeout is negative or goes beyond the cap
     * @throws InvalidReceiptException if the receipt is forged or of another queue or engine
     */
    boolean extend(ReceiptHandle receipt, Duration visibilityTimeout);

    /**
     * Does {@link #extend} for many messages with one timeout. Every receipt is verified before the first is used.
     *
     * <ul>
     *   <li><b>Durability</b>: deadlines survive the process in a directory; they are never forced by themselves.
     *   <li><b>Ordering</b>: none.
     *   <li><b>Delivery</b>: as {@link #extend}, for each.
     *   <li><b>Blocking</b>: never.
     *   <li><b>Cost</b>: O(log n) for each message; allocates the list.
     * </ul>
     *
     * @param receipts name the deliveries, possibly none; neither the list nor an element is null
     * @param visibilityTimeout how long from now, not null
     * @return for each receipt, in order, false if its message is not in flight or the timeout goes beyond the cap of
     *     its flight
     * @throws IllegalArgumentException if the timeout is negative or above the queue's visibility cap
     * @throws InvalidReceiptException if one of the receipts is forged or of another queue or engine
     */
    List<Boolean> extendAll(List<ReceiptHandle> receipts, Duration visibilityTimeout);

    /**
     * Moves a message to the queue's dead-letter queue now, however often it has been received.
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
     * @param receipt names the delivery, not null
     * @param reason why, for whoever looks at the dead-letter queue; 1 to 1,024 characters, not null
     * @return false if the message is not in flight
     * @throws IllegalArgumentException if the reason is empty or too long
     * @throws IllegalStateException if the queue has no dead-letter queue
     * @throws SendRefusedException if there is no room for the move
     * @throws InvalidReceiptException if the receipt is forged or of another queue or engine
     */
    boolean deadLetter(ReceiptHandle receipt, String reason);

    /**
     * Starts a listener with the {@linkplain ConsumerConfig#defaults() default configuration}.
     *
     * <ul>
     *   <li><b>Durability</b>: none; a listener ends with the process.
     *   <li><b>Ordering</b>: within a batch as received; one batch after the other.
     *   <li><b>Delivery</b>: at least once.
     *   <li><b>Blocking</b>: never; the handler runs on a thread of the consumer.
     *   <li><b>Cost</b>: starts one thread.
     * </ul>
     *
     * @param handler what to do with the messages, not null
     * @return the running listener, to be closed by the caller, else when the engine is closed
     */
    default QueueConsumer consume(MessageHandler handler) {
        return consume(ConsumerConfig.defaults(), handler);
    }

    /**
     * Starts a listener, which receives messages and calls a handler with them.
     *
     * <ul>
     *   <li><b>Durability</b>: none; a listener ends with the process.
     *   <li><b>Ordering</b>: within a batch as received; batches run side by side if the concurrency is above 1.
     *   <li><b>Delivery</b>: at least once.
     *   <li><b>Blocking</b>: never; the handler runs on threads of the consumer.
     *   <li><b>Cost</b>: starts as many threads as the concurrency says.
     * </ul>
     *
     * @param config how many at a time, and what happens to those that fail; not null
     * @param handler what to do with the messages, not null
     * @return the running listener, to be closed by the caller, else when the engine is closed
     */
    QueueConsumer consume(ConsumerConfig config, MessageHandler handler);

    /**
     * The same queue for callers who must not allocate. Both tiers may be used at once.
     *
     * @return where senders and receivers of this queue are opened
     */
    RawQueue raw();

    /**
     * Configuration, tags, purge, peek and redrive of this queue.
     *
     * @return what one administers on this queue
     */
    QueueAdmin admin();
}
