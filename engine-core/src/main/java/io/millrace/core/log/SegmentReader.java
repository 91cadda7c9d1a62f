package io.millrace.core.log;

import io.millrace.core.memory.Region;

/**
 * Tells what the records of a segment are, those that are damaged too: for an engine that is opened, and for whoever looks at
 * its directory from outside. Confined to one thread; writes nothing.
 *
 * <p>Below the segment's mark nothing may be wrong. Above it, what was claimed and not committed, or not written as a whole,
 * is what an end without warning leaves behind.
 */
final class SegmentReader {
    /** What a place is that holds no record. */
    enum Hole {
        /** Nothing was ever claimed there. */
        FREE,
        /** It begins like a record: one that was claimed and never committed, or not written as a whole. */
        TORN,
        /** A record was there, or one that nobody can read is. */
        DAMAGED
    }

    /** Is shown a segment in order; records, padding and holes together cover it from its first record to its end. */
    interface Visitor {
        /** Padding, of so many bytes. */
        void onPadding(int offset, int alignedLength);

        /**
         * A sound record, valid during the call.
         *
         * @throws IllegalArgumentException if its content says nothing; it is then shown as damage, and as a hole
         */
        void onRecord(RecoveredRecord record, int alignedLength);

        /** A place that holds no record. */
        void onHole(int from, int to, Hole hole);

        /** Something that must not be. It is shown after this: as a hole, or as a record if only its end is not known. */
        void onDamage(int from, int to, String problem);
    }

    private final int index;
    private final Region region;
    private final int salt;
    private final boolean marksCount;
    private final RecoveredRecord record;

    /**
     * @param index number of the segment
     * @param marksCount whether its mark says what it says
     */
    SegmentReader(int index, Region region, int salt, boolean marksCount) {
        this.index = index;
        this.region = region;
        this.salt = salt;
        this.marksCount = marksCount;
        this.record = new RecoveredRecord(region);
    }

    void run(Visitor visitor) {
        final int marked = marked(visitor);
        new SegmentScan(region, salt).run(new SegmentScan.Visitor() {
            @Override
            public void onRecord(int offset, int length, int type) {
                show(visitor, marked, offset, length, type);
            }

            @Override
            public void onHole(int from, int to, boolean isTorn) {
                if (from < marked) {
                    visitor.onDamage(from, to, "no sound record where one was committed");
                    visitor.onHole(from, to, Hole.DAMAGED);
                } else {
                    visitor.onHole(from, to, isTorn ? Hole.TORN : Hole.FREE);
                }
            }
        });
    }

    /** Up to where nothing may be wrong. */
    private int marked(Visitor visitor) {
        final int marked = SegmentLayout.marked(region, salt);
        if (marked < 0) {
            visitor.onDamage(SegmentLayout.MARK_OFFSET, SegmentLayout.KEY_ID_OFFSET, "the mark is damaged");
            return 0;
        }
        return marksCount ? marked : 0;
    }

    private void show(Visitor visitor, int marked, int offset, int length, int type) {
        final int aligned = RecordLayout.aligned(length);
        if (type == RecordLayout.PADDING) {
            visitor.onPadding(offset, aligned);
            return;
        }
        if (type != RecordLayout.MESSAGE && type != RecordLayout.STATE) {
            damaged(visitor, offset, offset + aligned, "record of an unknown type: type=" + type);
            return;
        }
        record.show(region, salt, RecordLog.position(index, offset), type);
        if (record.hasDamagedEnd() && offset < marked) {
            visitor.onDamage(
                    offset + RecordLayout.END_OFFSET,
                    offset + RecordLayout.FLIGHT_OFFSET,
                    "the word that tells the end is damaged");
        }
        try {
            visitor.onRecord(record, aligned);
        } catch (IllegalArgumentException e) {
            damaged(visitor, offset, offset + aligned, String.valueOf(e.getMessage()));
        }
    }

    private static void damaged(Visitor visitor, int from, int to, String problem) {
        visitor.onDamage(from, to, problem);
        visitor.onHole(from, to, Hole.DAMAGED);
    }
}
