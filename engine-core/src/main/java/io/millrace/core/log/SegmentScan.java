package io.millrace.core.log;

import io.millrace.core.memory.Region;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Reads a segment of a durable log record by record, believing nothing: not a length, not a type, not a checksum before it
 * was checked. Confined to one thread; works on any region, mapped or read into memory.
 */
final class SegmentScan {
    /** What is found in a segment, in order; together it covers the segment from its first record to its end. */
    interface Visitor {
        /** A sound record. */
        void onRecord(int offset, int length, int type);

        /**
         * Something that is none.
         *
         * @param isTorn whether it begins like a record: one that was claimed and never committed, or not written as a whole
         */
        void onHole(int from, int to, boolean isTorn);
    }

    private static final int SMALLEST = RecordLayout.ALIGNMENT;
    private static final int KNOWN_FLAGS = RecordLayout.HAS_FATE | RecordLayout.HAS_ORIGIN;

    private static final int TARGET_COUNT_SHIFT =
            (RecordLayout.TARGET_COUNT_OFFSET - RecordLayout.CRC_OFFSET) * Byte.SIZE;

    private final Region region;
    private final int salt;
    private final int capacity;
    private final ByteBuffer view;
    private final CRC32C crc = new CRC32C();

    SegmentScan(Region region, int salt) {
        this.region = region;
        this.salt = salt;
        this.capacity = region.length();
        this.view = region.newReadOnlyView();
    }

    /** Whether a sound record lies at an offset if the segment has this salt. */
    static boolean isRecord(Region region, int salt, int offset) {
        return new SegmentScan(region, salt).soundLength(offset) > 0;
    }

    void run(Visitor visitor) {
        int offset = Segment.FIRST_RECORD;
        while (offset < capacity) {
            final int length = soundLength(offset);
            if (length > 0) {
                visitor.onRecord(offset, length, typeOf(offset, length));
                offset += RecordLayout.aligned(length);
            } else {
                final int next = nextSound(offset + RecordLayout.ALIGNMENT);
                visitor.onHole(offset, next, isCommitWord(offset));
                offset = next;
            }
        }
    }

    private int typeOf(int offset, int length) {
        return length == SMALLEST ? RecordLayout.PADDING : region.bytePlain(offset + RecordLayout.TYPE_OFFSET);
    }

    /** The first sound record at or behind an offset, or the end of the segment. */
    private int nextSound(int from) {
        int offset = from;
        while (offset < capacity && soundLength(offset) == 0) {
            offset += RecordLayout.ALIGNMENT;
        }
        return offset;
    }

    private boolean isCommitWord(int offset) {
        return Segment.isCommitWord(salt, offset, region.longPlain(offset + RecordLayout.COMMIT_OFFSET));
    }

    /** Length of the sound, committed record at an offset, or 0 if there is none. */
    private int soundLength(int offset) {
        if (!isCommitWord(offset)) {
            return 0;
        }
        final int length = (int) region.longPlain(offset + RecordLayout.COMMIT_OFFSET);
        final boolean fits = length >= SMALLEST && length <= capacity - offset;
        return fits && (length == SMALLEST || isSound(offset, length)) ? length : 0;
    }

    private boolean isSound(int offset, int length) {
        if (length < RecordLayout.PAYLOAD_LENGTH_OFFSET) {
            return false;
        }
        final long typeWord = region.longPlain(offset + RecordLayout.CRC_OFFSET);
        if (typeWord >>> Integer.SIZE == RecordLayout.PADDING_WORD >>> Integer.SIZE) {
            return (int) typeWord == RecordChecksum.ofPadding(salt, offset);
        }
        return hasPossibleShape(offset, length)
                && RecordChecksum.isRight(crc, view.clear(), region, offset, length, salt);
    }

    private boolean hasPossibleShape(int offset, int length) {
        if (length < RecordLayout.SIZE) {
            return false;
        }
        final int flags = region.bytePlain(offset + RecordLayout.FLAGS_OFFSET);
        final long payload = region.intPlain(offset + RecordLayout.PAYLOAD_LENGTH_OFFSET);
        final long properties = region.intPlain(offset + RecordLayout.PROPERTIES_LENGTH_OFFSET);
        return (flags & RecordLayout.HAS_FATE) != 0
                && (flags & ~KNOWN_FLAGS) == 0
                && region.longPlain(offset + RecordLayout.CRC_OFFSET) >>> TARGET_COUNT_SHIFT == 1
                && payload >= 0
                && properties >= 0
                && RecordLayout.SIZE + payload + properties == length;
    }
}
