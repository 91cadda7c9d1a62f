package io.millrace.core.log;

import io.millrace.core.memory.Region;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One log record, aligned to 8, native order in memory, which in files must be little endian.
 *
 * <pre>
 *  offset  length  field              access
 *  ------  ------  -----------------  -----------------------------------------------------------------------
 *       0       8  COMMIT             length (32 bits: 0 free, negative claimed, positive committed) | tag (32)
 *       8       4  CRC                CRC32C of what follows but for END to FIRST_RECEIVED, see {@link RecordChecksum}; 0 in memory
 *      12       1  TYPE               {@link #PADDING}, {@link #MESSAGE}, {@link #STATE}; unknown types are refused
 *      13       1  FLAGS              {@link #HAS_FATE}, {@link #HAS_ORIGIN}, {@link #ENCRYPTED}; the rest is 0
 *      14       2  TARGET_COUNT       number of targets
 *      16       4  PAYLOAD_LENGTH     bytes
 *      20       4  PROPERTIES_LENGTH  bytes, see {@code RecordProperties}
 *      24       8  SENT_MS            wall clock
 *      32       8  QUEUE              first target: number of the queue
 *      40       8  SEQUENCE           first target: its sequence there; of a state its version
 *  in a durable log
 *      48       8  ENQUEUED           engine milliseconds (48 bits), where retention starts | copy number (16)
 *      56       8  END                first target: {@link Fate#end}; 0 while it lives; release, then never changed
 *      64       8  FLIGHT             first target: {@link Fate#flight}; CAS
 *      72       8  FIRST_RECEIVED     first target: {@link Fate#stamp}; opaque
 * </pre>
 *
 * <p>With more targets than one, all targets (16 bytes each) stand before ENQUEUED and all fates (24 bytes each) behind it.
 * Then follow the properties, the payload, and zeros up to a multiple of 8. The length counts the record's bytes without
 * these zeros. Padding has no fields behind TARGET_COUNT; of 8 bytes it is the commit word alone.
 *
 * <p>The copy number says how often a record was moved within the log, modulo 65,536: of two that name the same message,
 * the higher one counts.
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

    public static final int ENQUEUED_OFFSET = SEQUENCE_OFFSET + 8;
    public static final int END_OFFSET = ENQUEUED_OFFSET + 8;
    public static final int FLIGHT_OFFSET = END_OFFSET + 8;
    public static final int FIRST_RECEIVED_OFFSET = FLIGHT_OFFSET + 8;

    /** Bytes before the properties of a record with one target and no fate. */
    public static final int MEMORY_SIZE = SEQUENCE_OFFSET + 8;

    /** Bytes before the properties of a record with one target and its fate. */
    public static final int SIZE = FIRST_RECEIVED_OFFSET + 8;

    /** Bytes of ENQUEUED that hold the copy number. */
    public static final int COPY_BITS = 16;

    /** Alignment of a record, in bytes. */
    public static final int ALIGNMENT = 8;

    /** Type of a record without content: the end of a segment, or a claim that was given up. */
    public static final int PADDING = 1;

    /** Type of a message. */
    public static final int MESSAGE = 2;

    /** Type of what a queue is: its name, configuration and the like. */
    public static final int STATE = 3;

    /** Type reserved for notes of acknowledged messages. */
    public static final int NOTE = 4;

    /** Flag of records whose targets carry a fate. */
    public static final int HAS_FATE = 1;

    /** Flag of records whose properties name the message that they take the place of. */
    public static final int HAS_ORIGIN = 2;

    /** Flag reserved for records whose content is encrypted. */
    public static final int ENCRYPTED = 4;

    /** The words CRC to TARGET_COUNT of a message with one target, no flags and no CRC. */
    public static final long MESSAGE_WORD = typeWord(MESSAGE, 0, 1);

    /** The same word of padding, which has no target. */
    static final long PADDING_WORD = typeWord(PADDING, 0, 0);

    /** The same word for any type, flags and number of targets. */
    public static long typeWord(int type, int flags, int targets) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .put(TYPE_OFFSET - CRC_OFFSET, (byte) type)
                .put(FLAGS_OFFSET - CRC_OFFSET, (byte) flags)
                .putShort(TARGET_COUNT_OFFSET - CRC_OFFSET, (short) targets)
                .getLong(0);
    }

    /** Where the properties of the record at {@code at} begin. */
    public static int propertiesAt(Region record, int at) {
        return at + ((record.bytePlain(at + FLAGS_OFFSET) & HAS_FATE) == 0 ? MEMORY_SIZE : SIZE);
    }

    /** Where the payload of the record at {@code at} begins. */
    public static int payloadAt(Region record, int at) {
        return propertiesAt(record, at) + record.intPlain(at + PROPERTIES_LENGTH_OFFSET);
    }

    /** Bytes of a record with one target and no fate. */
    public static int length(int propertiesLength, int payloadLength) {
        return MEMORY_SIZE + propertiesLength + payloadLength;
    }

    /** Bytes that a record takes in its segment. */
    public static int aligned(int length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    private RecordLayout() {}
}
