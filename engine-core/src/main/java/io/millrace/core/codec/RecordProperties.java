package io.millrace.core.codec;

import io.millrace.api.Attributes;
import io.millrace.api.MessageId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The optional parts of a message record. Immutable.
 *
 * <p>Encoded as entries of tag (1 byte), length (4 bytes, little endian) and that many bytes; absent parts take no space
 * and unknown tags are refused.
 *
 * @param attributes the message attributes, encoded by {@link AttributesCodec}; empty if there are none
 * @param originalId the id of a message that was moved from another queue; else absent and derived from its place
 * @param source name of the queue from which the message was dead-lettered
 * @param reason why it was dead-lettered, if somebody said so
 * @param origin the message of this engine whose place it takes: if both are found at a restart, that one has ended. Only
 *     in a durable log
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, and moved on as it is
public record RecordProperties(
        byte[] attributes,
        Optional<MessageId> originalId,
        Optional<String> source,
        Optional<String> reason,
        Optional<Origin> origin) {
    /** A message of this engine. */
    public record Origin(long queue, long sequence) {}

    /** Nothing optional, which encodes to no bytes. */
    public static final RecordProperties NONE =
            new RecordProperties(new byte[0], Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final byte ATTRIBUTES = 1;
    private static final byte ORIGINAL_ID = 2;
    private static final byte SOURCE = 3;
    private static final byte REASON = 4;
    private static final byte ORIGIN = 5;
    private static final int ENTRY_HEADER = 1 + 4;
    private static final byte[] NO_BYTES = new byte[0];

    /** The properties of a new message. */
    public static byte[] encode(Attributes attributes) {
        return attributes.isEmpty() ? NO_BYTES : entry(ATTRIBUTES, AttributesCodec.encode(attributes));
    }

    /** These properties as bytes. */
    public byte[] encode() {
        final byte[] id = originalId
                .map(i -> bytes(i.mostSignificantBits(), i.leastSignificantBits()))
                .orElse(NO_BYTES);
        final byte[] sourceName = utf8(source);
        final byte[] reasonText = utf8(reason);
        return concat(
                attributes.length == 0 ? NO_BYTES : entry(ATTRIBUTES, attributes),
                originalId.isPresent() ? entry(ORIGINAL_ID, id) : NO_BYTES,
                source.isPresent() ? entry(SOURCE, sourceName) : NO_BYTES,
                reason.isPresent() ? entry(REASON, reasonText) : NO_BYTES,
                origin.map(o -> entry(ORIGIN, bytes(o.queue(), o.sequence()))).orElse(NO_BYTES));
    }

    private static byte[] bytes(long first, long second) {
        return ByteBuffer.allocate(Long.BYTES * 2)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(first)
                .putLong(second)
                .array();
    }

    private static byte[] utf8(Optional<String> text) {
        return text.map(t -> t.getBytes(StandardCharsets.UTF_8)).orElse(NO_BYTES);
    }

    private static byte[] entry(byte tag, byte[] value) {
        return ByteBuffer.allocate(ENTRY_HEADER + value.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(tag)
                .putInt(value.length)
                .put(value)
                .array();
    }

    private static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        final ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /**
     * The properties that {@code bytes} encode.
     *
     * @throws IllegalArgumentException if they encode none
     */
    public static RecordProperties decode(byte[] bytes) {
        if (bytes.length == 0) {
            return NONE;
        }
        final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        byte[] attributes = NO_BYTES;
        Optional<MessageId> originalId = Optional.empty();
        Optional<String> source = Optional.empty();
        Optional<String> reason = Optional.empty();
        Optional<Origin> origin = Optional.empty();
        while (in.hasRemaining()) {
            final byte tag = in.get();
            final byte[] value = value(in);
            switch (tag) {
                case ATTRIBUTES -> attributes = value;
                case ORIGINAL_ID -> originalId = Optional.of(new MessageId(longAt(value, 0), longAt(value, 1)));
                case SOURCE -> source = Optional.of(new String(value, StandardCharsets.UTF_8));
                case REASON -> reason = Optional.of(new String(value, StandardCharsets.UTF_8));
                case ORIGIN -> origin = Optional.of(new Origin(longAt(value, 0), longAt(value, 1)));
                default -> throw new IllegalArgumentException("unknown record property: tag=" + tag);
            }
        }
        return new RecordProperties(attributes, originalId, source, reason, origin);
    }

    private static byte[] value(ByteBuffer in) {
        final int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("record properties break off: length=" + in.limit());
        }
        final byte[] value = new byte[length];
        in.get(value);
        return value;
    }

    private static long longAt(byte[] value, int index) {
        if (value.length != 2 * Long.BYTES) {
            throw new IllegalArgumentException("record property has another length: length=" + value.length);
        }
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong(index * Long.BYTES);
    }

    /** The attributes, decoded. */
    public Attributes decodedAttributes() {
        return attributes.length == 0 ? Attributes.empty() : AttributesCodec.decode(attributes);
    }

    /** The same for a message on its way to a dead-letter queue. */
    public RecordProperties deadLettered(MessageId id, String from, Optional<String> why) {
        return new RecordProperties(
                attributes, Optional.of(originalId.orElse(id)), Optional.of(from), why, Optional.empty());
    }

    /** The same for a message that is sent anew: only its attributes stay. */
    public RecordProperties anew() {
        return new RecordProperties(attributes, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same for a record that takes the place of another. */
    public RecordProperties inPlaceOf(long queue, long sequence) {
        return new RecordProperties(attributes, originalId, source, reason, Optional.of(new Origin(queue, sequence)));
    }
}
