package io.millrace.stress.images;

import io.millrace.api.queue.MessageState;
import io.millrace.stress.Check;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the users of an engine were told, and so what must be there, may be there and must not when the power goes now. What is
 * under way has happened or has not. Confined to one thread.
 */
final class Promises {
    private final Map<Integer, PromisedMessage> messages = new TreeMap<>();
    private final Map<String, PromisedQueue> queues = new TreeMap<>();

    /** Numbers of messages by every id that was ever told. */
    private final Map<String, Integer> ids = new HashMap<>();

    // ---- what is known --------------------------------------------------------------------------------------------

    PromisedMessage message(int number) {
        return Objects.requireNonNull(messages.get(number));
    }

    PromisedQueue queue(String name) {
        return queues.computeIfAbsent(name, PromisedQueue::new);
    }

    /** Messages that may be in a queue and have not ended. */
    List<PromisedMessage> living(String queue) {
        return messages.values().stream()
                .filter(message -> message.mayBePresent && !message.hasEnded && message.places.contains(queue))
                .toList();
    }

    int living() {
        return (int) messages.values().stream().filter(m -> !m.mayBeAbsent).count();
    }

    /** Whether anybody was told this id. */
    boolean isKnown(String id) {
        return ids.containsKey(id);
    }

    // ---- what is told ---------------------------------------------------------------------------------------------

    /** A message is being sent. */
    PromisedMessage sending(PromisedMessage message) {
        Check.that(messages.put(message.number, message) == null, "a number was used twice");
        return message;
    }

    /** It was accepted, under an id or one that is not told. */
    void sent(PromisedMessage message, String id) {
        message.mayBeAbsent = false;
        told(message, id);
    }

    private void told(PromisedMessage message, String id) {
        if (!id.isEmpty()) {
            message.id = id;
            final int owner = Objects.requireNonNullElse(ids.putIfAbsent(id, message.number), message.number);
            Check.that(owner == message.number, "an id was used again that message " + owner + " had: " + message);
        }
    }

    /** It was delivered. */
    void delivered(int number, String queue, String id, int receives) {
        final PromisedMessage message = messages.get(number);
        Check.that(message != null, "a message was delivered that nobody has sent: message=" + number);
        final Seen seen = new Seen(number, queue, id, MessageState.VISIBLE, receives);
        check(Objects.requireNonNull(message), seen, true, Long.MAX_VALUE);
        message.mostReceives = receives;
        settle(message, seen);
    }

    /** Somebody looked at the engine that is in use while nothing was under way. */
    void settle(Contents contents, long nowMs) {
        check(contents, true, nowMs);
        contents.messages().values().forEach(seen -> settle(message(seen.number()), seen));
    }

    private void settle(PromisedMessage message, Seen seen) {
        if (!seen.id().equals(message.id)) {
            told(message, seen.id());
            message.wasMoved |= message.mayBeRedriven;
            message.mayBeRedriven = false;
        }
        if (!message.mayBeRedriven) {
            message.isIn(seen.queue());
        }
    }

    // ---- what is found --------------------------------------------------------------------------------------------

    /** Fails if what is found after a loss of power breaks a promise. */
    void check(Contents contents, long nowMs) {
        check(contents, false, nowMs);
    }

    /** @param inUse whether it is found in the engine itself, where nothing that has ended comes back */
    private void check(Contents contents, boolean inUse, long nowMs) {
        queues.forEach((name, queue) -> queue.check(contents.queues().get(name)));
        contents.queues()
                .keySet()
                .forEach(name -> Check.that(queues.containsKey(name), "a queue is there that nobody made: " + name));
        for (Seen seen : contents.messages().values()) {
            final @Nullable PromisedMessage message = messages.get(seen.number());
            if (message == null) {
                throw new AssertionError("a message is there that nobody has sent: " + seen);
            }
            check(message, seen, inUse, nowMs);
        }
        for (PromisedMessage message : messages.values()) {
            Check.that(
                    message.mayBeAbsent || contents.messages().containsKey(message.number),
                    "a message is lost that was acknowledged: " + message);
        }
        checkOrder(contents.messages().values());
    }

    private void check(PromisedMessage message, Seen seen, boolean inUse, long nowMs) {
        final String both = ": " + message + ", found " + seen;
        Check.that(message.mayBePresent && !(inUse && message.hasEnded), "a message came back" + both);
        Check.that(message.places.contains(seen.queue()), "a message is in the wrong queue" + both);
        Check.that(seen.receives() <= message.mostReceives, "a message was received too often" + both);
        Check.that(
                message.id.isEmpty() || message.mayBeRedriven || seen.id().equals(message.id),
                "a message has another id" + both);
        Check.that(
                Objects.requireNonNullElse(ids.get(seen.id()), seen.number()) == seen.number(),
                "a message has the id of another" + both);
        final boolean isEarly = message.mostReceives == 0 && nowMs < message.delayedUntilMs;
        Check.that(!isEarly || seen.state() == MessageState.DELAYED, "a delayed message is early" + both);
    }

    /** Messages that stayed where they were sent to lie in the order in which they were sent. */
    private void checkOrder(Collection<Seen> all) {
        final Map<String, Integer> last = new HashMap<>();
        for (Seen seen : all) {
            final PromisedMessage message = message(seen.number());
            if (!message.wasMoved && !message.mayBeRedriven && seen.queue().equals(message.home)) {
                final int before = Objects.requireNonNullElse(last.put(seen.queue(), seen.number()), -1);
                Check.that(before < seen.number(), "a message stands behind message " + before + ": " + message);
            }
        }
    }
}
