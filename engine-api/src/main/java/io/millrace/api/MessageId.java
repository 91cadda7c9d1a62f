package io.millrace.api;

import io.millrace.api.check.Arguments;
import java.util.UUID;

/**
 * The name of a message, unique over all queues of an engine, kept when a message moves to a dead-letter queue.
 * Immutable.
 *
 * <p>It says nothing about the order in which messages were sent. Its text is that of a UUID: 36 characters.
 *
 * @param mostSignificantBits upper half of the 128 bits, any value
 * @param leastSignificantBits lower half of the 128 bits, any value
 */
public record MessageId(long mostSignificantBits, long leastSignificantBits) {
    private static final int TEXT_LENGTH = 36;

    /**
     * Reads the text that {@link #toString()} writes; upper-case digits are accepted too.
     *
     * @param text the id as text, not null
     * @return the id
     * @throws IllegalArgumentException if the text is not that of an id
     */
    public static MessageId parse(String text) {
        Arguments.notNull("text", text);
        UUID uuid = uuidOf(text);
        return new MessageId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /** {@link UUID#fromString} fills short groups with zeros and cuts long ones, hence the comparison. */
    private static UUID uuidOf(String text) {
        if (text.length() == TEXT_LENGTH) {
            try {
                UUID uuid = UUID.fromString(text);
                if (uuid.toString().equalsIgnoreCase(text)) {
                    return uuid;
                }
            } catch (IllegalArgumentException e) {
                throw malformed(text);
            }
        }
        throw malformed(text);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "message id must be 36 characters of hexadecimal digits in groups of 8-4-4-4-12: " + "text="
                        + Arguments.shown(text, TEXT_LENGTH));
    }

    /**
     * The id in the form of a UUID, for example {@code 0190d5a2-7c31-4a5e-9b1f-3c2d1e0f9a8b}.
     *
     * @return 36 characters, digits in lower case
     */
    @Override
    public String toString() {
        return new UUID(mostSignificantBits, leastSignificantBits).toString();
    }
}
