package io.millrace.core.log;

import io.millrace.core.memory.Region;
import java.util.ArrayList;
import java.util.List;

/** What lies where in the file of a segment that is not damaged. Immutable. */
public final class SegmentMap {
    /**
     * A record, padding included.
     *
     * @param offset where it begins in the file
     * @param length bytes, those up to the next record included
     * @param type as in its header; of padding without one, that of padding
     * @param queue number of the queue, if it has one
     * @param sequence sequence, if it has one
     * @param alive whether nothing has ended it
     * @param copied whether a newer record has taken its place
     * @param copyNumber how often it was moved
     * @param properties encoded
     * @param payload the user's bytes, or the state of a queue
     */
    @SuppressWarnings("ArrayRecordComponent") // read only
    public record Entry(
            int offset,
            int length,
            int type,
            long queue,
            long sequence,
            boolean alive,
            boolean copied,
            short copyNumber,
            byte[] properties,
            byte[] payload) {
        public boolean isMessage() {
            return type == RecordLayout.MESSAGE;
        }

        public boolean isState() {
            return type == RecordLayout.STATE;
        }

        public int end() {
            return offset + length;
        }

        /** Whether it has a byte in that range. */
        public boolean overlaps(int from, int to) {
            return from < end() && to > offset;
        }

        /** Whether the word that tells its end has a byte in that range. */
        public boolean endOverlaps(int from, int to) {
            final int at = offset + RecordLayout.END_OFFSET;
            return !isPadding() && from < at + Long.BYTES && to > at;
        }

        private boolean isPadding() {
            return type == RecordLayout.PADDING;
        }

        /** Whether a damaged byte there must be noticed if the record lies below a mark. */
        boolean isCovered(int at) {
            final int place = at - offset;
            if (isPadding()) {
                return place < Math.min(length, RecordLayout.PAYLOAD_LENGTH_OFFSET);
            }
            final boolean fate = place >= RecordLayout.FLIGHT_OFFSET && place < RecordLayout.SIZE;
            return !fate && place < RecordLayout.SIZE + properties.length + payload.length;
        }
    }

    /** Bytes before the first record. */
    public static final int HEADER = SegmentLayout.SIZE;

    private final boolean inUse;
    private final int mark;
    private final int length;
    private final List<Entry> entries;

    private SegmentMap(boolean inUse, int mark, int length, List<Entry> entries) {
        this.inUse = inUse;
        this.mark = mark;
        this.length = length;
        this.entries = List.copyOf(entries);
    }

    /** Reads a segment. */
    public static SegmentMap of(byte[] file) {
        final Region region = Region.onHeap(file, file.length);
        final boolean inUse = region.longPlain(SegmentLayout.STATE_OFFSET) == SegmentLayout.IN_USE;
        final int salt = region.intPlain(SegmentLayout.SALT_OFFSET);
        final List<Entry> entries = new ArrayList<>();
        if (inUse) {
            new SegmentScan(region, salt).run(new SegmentScan.Visitor() {
                @Override
                public void onRecord(int offset, int length, int type) {
                    entries.add(entry(region, salt, offset, length, type));
                }

                @Override
                public void onHole(int from, int to, boolean isTorn) {
                    // free, or claimed by somebody who never committed
                }
            });
        }
        return new SegmentMap(inUse, inUse ? SegmentLayout.marked(region, salt) : 0, region.length(), entries);
    }

    private static Entry entry(Region region, int salt, int offset, int length, int type) {
        final int aligned = RecordLayout.aligned(length);
        if (type == RecordLayout.PADDING) {
            return new Entry(offset, aligned, type, 0, 0, false, false, (short) 0, new byte[0], new byte[0]);
        }
        final RecoveredRecord record = new RecoveredRecord(region);
        record.show(region, salt, RecordLog.position(0, offset), type);
        return new Entry(
                offset,
                aligned,
                type,
                record.queue(),
                record.sequence(),
                record.isAlive(),
                !record.isAlive() && !record.isEnd(),
                record.copyNumber(),
                record.properties(),
                record.payload());
    }

    /** Whether it says that it holds records. */
    public boolean isInUse() {
        return inUse;
    }

    /** Offset up to which it says that all is committed. */
    public int mark() {
        return mark;
    }

    /** Bytes of the file. */
    public int length() {
        return length;
    }

    /** Sound records in order. */
    public List<Entry> entries() {
        return entries;
    }

    /** Where the last sound record ends. */
    public int end() {
        return entries.isEmpty()
                ? Segment.FIRST_RECORD
                : entries.get(entries.size() - 1).end();
    }

    /** Whether damage to a byte must be answered with an exception. */
    public boolean isGuarded(int at) {
        if (at < SegmentLayout.SIZE) {
            return inUse || at < SegmentLayout.FORMAT_OFFSET;
        }
        return at < mark && entries.stream().anyMatch(e -> e.overlaps(at, at + 1) && e.isCovered(at));
    }
}
