package io.millrace.core.log;

import io.millrace.api.CorruptLogException;
import io.millrace.core.memory.Region;

/**
 * Takes the segments of an earlier run into a log: every record is checked and shown, every hole is closed with padding, and no
 * segment is appended to any more. Confined to the opening thread.
 *
 * <p>Below a segment's mark nothing may be wrong; above it, what was claimed and not committed, or not written as a whole, is
 * what an end without warning leaves behind: it is counted, and no caller was told that it is there.
 */
public final class LogRecovery {
    /** Is shown every record that is not padding, those that have ended too. */
    public interface Visitor {
        /**
         * Shows one record, which is valid during the call.
         *
         * @throws IllegalArgumentException if nobody can have written it
         */
        void onRecord(RecoveredRecord record);

        /**
         * Asked when all records were shown and none that was ever stored can be missing, but by damage.
         *
         * @return position of a record that lives and that nobody can have written without another that is not there, or
         *     {@link RecordLog#NO_ROOM}
         */
        long orphan();
    }

    private final RecordLog log;
    private final MappedSegments segments;
    private final boolean marksCount;
    private final Visitor visitor;
    private long records;
    private long tornRecords;
    private long tornBytes;
    private long newestMs;

    /**
     * @param marksCount whether the marks of the segments say what they say: not if the machine went down under an engine
     *     that never forced
     */
    LogRecovery(RecordLog log, MappedSegments segments, boolean marksCount, Visitor visitor) {
        this.log = log;
        this.segments = segments;
        this.marksCount = marksCount;
        this.visitor = visitor;
    }

    /**
     * What was found.
     *
     * @param records sound records, those that have ended included
     * @param tornRecords places that begin like a record and hold none
     * @param tornBytes bytes from such a place to the next sound record
     * @param newestMs latest engine time that a record tells, or 0
     */
    public record Report(long records, long tornRecords, long tornBytes, long newestMs) {}

    Report run() {
        for (Segment segment : segments.openAll()) {
            log.adopt(segment);
            if (segments.isEmpty(segment)) {
                segment.seal(Segment.FIRST_RECORD);
                log.retire(segment);
            } else {
                recover(segment);
            }
        }
        if (segments.isComplete()) {
            requireNoOrphan();
        }
        segments.removeStrangers();
        return new Report(records, tornRecords, tornBytes, newestMs);
    }

    /** Above the marks, damage to the record that says what a queue is would else take all its messages along. */
    private void requireNoOrphan() {
        final long orphan = visitor.orphan();
        if (orphan != RecordLog.NO_ROOM) {
            final int at = RecordLog.offsetOf(orphan);
            throw damage(
                    log.segmentAt(orphan),
                    at,
                    at + log.bytes(orphan),
                    "message of a queue of which nothing else is there");
        }
    }

    private void recover(Segment segment) {
        final Region region = segment.region();
        final int marked = marked(segment);
        final RecoveredRecord record = new RecoveredRecord(region);
        new SegmentScan(region, segment.salt()).run(new SegmentScan.Visitor() {
            @Override
            public void onRecord(int offset, int length, int type) {
                if (type == RecordLayout.PADDING) {
                    segment.addDead(RecordLayout.aligned(length));
                    return;
                }
                if (type != RecordLayout.MESSAGE && type != RecordLayout.STATE) {
                    throw damage(segment, offset, offset + length, "record of an unknown type: type=" + type);
                }
                record.show(region, segment.salt(), RecordLog.position(segment.index(), offset), type);
                if (record.hasDamagedEnd() && offset < marked) {
                    throw damage(segment, offset, offset + length, "the word that tells the end is damaged");
                }
                record.mend(); // from now on the mark speaks for it, and receives are counted from what it says
                show(segment, record, RecordLayout.aligned(length));
            }

            @Override
            public void onHole(int from, int to, boolean isTorn) {
                if (from < marked) {
                    throw damage(segment, from, to, "no sound record where one was committed");
                }
                close(segment, from, to, isTorn);
            }
        });
        segments.recovered(segment);
        segment.marked();
        if (segment.seal(segment.capacity())) {
            log.retire(segment);
        }
    }

    private int marked(Segment segment) {
        final int marked = SegmentLayout.marked(segment.region(), segment.salt());
        if (marked < 0) {
            throw damage(segment, SegmentLayout.MARK_OFFSET, SegmentLayout.KEY_ID_OFFSET, "the mark is damaged");
        }
        return marksCount ? marked : 0;
    }

    private void show(Segment segment, RecoveredRecord record, int alignedLength) {
        records++;
        if (record.isMessage()) {
            newestMs = Math.max(newestMs, record.enqueuedMs());
        }
        if (!record.isAlive()) {
            segment.addDead(alignedLength);
        }
        try {
            visitor.onRecord(record);
        } catch (IllegalArgumentException e) {
            final int at = RecordLog.offsetOf(record.position());
            throw damage(segment, at, at + alignedLength, String.valueOf(e.getMessage()));
        }
    }

    private void close(Segment segment, int from, int to, boolean isTorn) {
        if (isTorn) {
            tornRecords++;
            tornBytes += to - from;
        }
        log.pad(segment, from, to - from);
        segment.addDead(to - from);
    }

    private CorruptLogException damage(Segment segment, int from, int to, String problem) {
        return segments.damage(segment.file().name(), from, to, problem);
    }
}
