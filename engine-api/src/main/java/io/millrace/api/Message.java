package io.millrace.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.api.check.Arguments;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a user sends: a payload of at least one byte, attributes beside it, and possibly a delay. Immutable.
 *
 * <p>The same message may be sent any number of times and to several queues; each time it becomes another message
 * there, with an id of its own. How large a message may be is the queue's business.
 */
public final class Message {
    private final byte[] payload;
    private final Attributes attributes;
    private final Optional<Duration> delay;

    /** Takes the payload over; the callers have copied and checked it. */
    private Message(byte[] payload, Attributes attributes, Optional<Duration> delay) {
        this.payload = payload;
        this.attributes = attributes;
        this.delay = delay;
    }

    /**
     * A message whose payload is text in UTF-8.
     *
     * @param text at least one character, no half of a surrogate pair, not null
     * @return the message, without attributes and delay
     * @throws IllegalArgumentException if the text is empty or cannot be encoded
     */
    public static Message text(String text) {
        return of(Utf8.encode("text", Arguments.notNull("text", text)));
    }

    /**
     * A message whose payload is a copy of bytes.
     *
     * @param payload at least one byte, copied, not null
     * @return the message, without attributes and delay
     * @throws IllegalArgumentException if there is no byte
     */
    public static Message bytes(byte[] payload) {
        return of(Arguments.notNull("payload", payload).clone());
    }

    private static Message of(byte[] owned) {
        if (owned.length == 0) {
            throw new IllegalArgumentException("payload must not be empty: length=0");
        }
        return new Message(owned, Attributes.empty(), Optional.empty());
    }

    /**
     * This message with a text attribute.
     *
     * @param name the attribute's name, see {@link Attributes}, not null
     * @param value at least one character, not null
     * @return a new message
     * @throws IllegalArgumentException if the name breaks the rules or the value is empty
     */
    public Message with(String name, String value) {
        return with(name, Attribute.string(value));
    }

    /**
     * This message with a number attribute.
     *
     * @param name the attribute's name, see {@link Attributes}, not null
     * @param value any value
     * @return a new message
     * @throws IllegalArgumentException if the name breaks the rules
     */
    public Message with(String name, long value) {
        return with(name, Attribute.number(value));
    }

    /**
     * This message with an attribute.
     *
     * @param name the attribute's name, see {@link Attributes}, not null
     * @param attribute its value, not null
     * @return a new message
     * @throws IllegalArgumentException if the name breaks the rules
     */
    public Message with(String name, Attribute attribute) {
        return withAttributes(attributes.with(name, attribute));
    }

    /**
     * This message with other attributes in place of all that it has.
     *
     * @param newAttributes the attributes, not null
     * @return a new message
     */
    public Message withAttributes(Attributes newAttributes) {
        return new Message(payload, Arguments.notNull("attributes", newAttributes), delay);
    }

    /**
     * This message with a delay of its own, which takes the place of the queue's.
     *
     * @param newDelay for how long the message stays hidden after it was sent, zero to 90 days, not null. Zero makes it
     *     visible at once, whatever the queue's delay
     * @return a new message
     * @throws IllegalArgumentException if the delay is negative or above 90 days
     */
    public Message withDelay(Duration newDelay) {
        Duration checked = Arguments.atMost("delay", newDelay, Arguments.MAX_HIDDEN);
        return new Message(payload, attributes, Optional.of(checked));
    }

    /**
     * The payload.
     *
     * @return a new array of {@link #length()} bytes
     */
    public byte[] bytes() {
        return payload.clone();
    }

    /**
     * The payload read as UTF-8; bytes that are not UTF-8 become U+FFFD.
     *
     * @return at least one character
     */
    public String text() {
        return new String(payload, UTF_8);
    }

    /**
     * Number of bytes of the payload.
     *
     * @return at least 1
     */
    public int length() {
        return payload.length;
    }

    /**
     * Copies the payload into a buffer, whose position does not move. Allocates nothing.
     *
     * @param target where to copy to, not null
     * @param index place in the target of the first byte, with room for {@link #length()} bytes up to the limit
     * @throws IndexOutOfBoundsException if there is no room
     */
    public void copyTo(ByteBuffer target, int index) {
        Arguments.notNull("target", target).put(index, payload);
    }

    /**
     * The attributes.
     *
     * @return the attributes, possibly none
     */
    public Attributes attributes() {
        return attributes;
    }

    /**
     * The message's own delay.
     *
     * @return whole milliseconds from zero to 90 days, or empty if the queue's delay applies
     */
    public Optional<Duration> delay() {
        return delay;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Message that
                && Arrays.equals(payload, that.payload)
                && attributes.equals(that.attributes)
                && delay.equals(that.delay);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(payload) + attributes.hashCode()) + delay.hashCode();
    }

    /**
     * Length, attributes and delay, without the payload, which may be a secret.
     *
     * @return for example {@code message length=6 attributes={} delay=none}
     */
    @Override
    public String toString() {
        return "message length=" + payload.length + " attributes=" + attributes + " delay="
                + delay.map(Duration::toString).orElse("none");
    }
}
