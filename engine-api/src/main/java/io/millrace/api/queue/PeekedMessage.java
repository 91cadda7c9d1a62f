package io.millrace.api.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.api.Attributes;
import io.millrace.api.MessageId;
import io.millrace.api.check.Arguments;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

/**
 * A copy of a message that was looked at and not received. Immutable.
 *
 * @param id the message's id, not null
 * @param state where it stood when it was looked at, not null
 * @param receiveCount how often it has been received, 0 or more
 * @param sentAt when it was sent, by the wall clock, not null
 * @param attributes its attributes, possibly none, not null
 * @param bytes its payload, copied in and out, at least one byte, not null
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, and compared by content below
public record PeekedMessage(
        MessageId id, MessageState state, int receiveCount, Instant sentAt, Attributes attributes, byte[] bytes) {
    /**
     * Copies the payload.
     *
     * @param id the message's id
     * @param state where it stood
     * @param receiveCount how often it has been received
     * @param sentAt when it was sent
     * @param attributes its attributes
     * @param bytes its payload
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if the receive count is negative
     */
    public PeekedMessage {
        Arguments.notNull("id", id);
        Arguments.notNull("state", state);
        Arguments.atLeast("receiveCount", receiveCount, 0);
        Arguments.notNull("sentAt", sentAt);
        Arguments.notNull("attributes", attributes);
        bytes = Arguments.notNull("bytes", bytes).clone();
    }

    /**
     * The payload.
     *
     * @return a new array
     */
    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * The payload read as UTF-8; bytes that are not UTF-8 become U+FFFD.
     *
     * @return at least one character
     */
    public String text() {
        return new String(bytes, UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeekedMessage that
                && id.equals(that.id)
                && state == that.state
                && receiveCount == that.receiveCount
                && sentAt.equals(that.sentAt)
                && attributes.equals(that.attributes)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Objects.hash(id, state, receiveCount, sentAt, attributes) + Arrays.hashCode(bytes);
    }

    /**
     * Everything but the payload, which may be a secret.
     *
     * @return pairs {@code name=value}
     */
    @Override
    public String toString() {
        return "id=" + id + " state=" + state + " receiveCount=" + receiveCount + " sentAt=" + sentAt + " attributes="
                + attributes + " length=" + bytes.length;
    }
}
