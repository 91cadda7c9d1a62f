package io.millrace.core.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One log record, aligned to 8, native order in memory.
 *
 * <pre>
 *  offset  length  field              access
 *  ------  ------  -----------------  -----------------------------------------------------------------------
 *       0       8  COMMIT             length (32 bits: 0 free, negative claimed, positive committed) | tag (32)
 *       8       4  CRC                CRC32C of what follows, seeded with the segment's salt; 0 in memory
 *      12       1  TYPE               {@link #PADDING}, {@link #MESSAGE}; unknown types are refused
 *      13       1  FLAGS              {@link #HAS_FATE}; the rest is reserved, 0
 *      14       2  TARGET_COUNT       number of targets
 *      16       4  PAYLOAD_LENGTH     bytes
 *      20       4  PROPERTIES_LENGTH  bytes, see {@code RecordProperties}
 *      24       8  SENT_MS            wall clock
 *      32       8  QUEUE              first target: number of the queue
 *      40       8  SEQUENCE           first target: its sequence there
 * </pre>
 *
 * <p>Further targets follow, 16 bytes each; then the properties, then the payload, then zeros up to a multiple of 8. In
 * a durable log HAS_FATE is set and each target is followed by its two fate words. The length counts the record's bytes
 * without the padding at its end.
 */
public final class RecordLayout {
    public static final int COMMIT_OFFSET = 0;
    public static final int CRC_OFFSET = COMMIT_OFFSET + 8;
    public static final int TYPE_OFFSET = CRC_OFFSET + 4;
    public static final int FLAGS_OFFSET = TYPE_OFFSET + 1;
    public static final int TARGET_COUNT_OFFSET = FLAGS_OFFSET + 1;
    public static final int PAYLOAD_LENGTH_OFFSET = TARGET_COUNT_OFFSET + 2;
    public static final int PROPERTIES_LENGTH_OFFSET = PAYLOAD_LENGTH_OFFSET + 4;
    public static final int SENT_MS_OFFSET = PROPERTIES_LENGTH_OFFSET + 4;
    public static final int QUEUE_OFFSET = SENT_MS_OFFSET + 8;
    public static final int SEQUENCE_OFFSET = QUEUE_OFFSET + 8;

    /** Bytes before the properties of a record with one target and no fate words. */
    public static final int SIZE = SEQUENCE_OFFSET + 8;

    /** Alignment of a record, in bytes. */
    public static final int ALIGNMENT = 8;

    /** Type of a record without content: the end of a segment, or a claim that was given up. */
    public static final int PADDING = 1;

    /** Type of a message. */
    public static final int MESSAGE = 2;

    /** The words CRC to TARGET_COUNT of a message with one target, no flags and no CRC. */
    public static final long MESSAGE_WORD = ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .put(TYPE_OFFSET - CRC_OFFSET, (byte) MESSAGE)
            .putShort(TARGET_COUNT_OFFSET - CRC_OFFSET, (short) 1)
            .getLong(0);

    /** Flag of records whose targets carry fate words. */
    public static final int HAS_FATE = 1;

    /** Bytes of a record with one target. */
    public static int length(int propertiesLength, int payloadLength) {
        return SIZE + propertiesLength + payloadLength;
    }

    /** Bytes that a record takes in its segment. */
    public static int aligned(int length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    private RecordLayout() {}
}
