package io.millrace.core.log;

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
                segments.foundEmpty(segment);
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
            throw segments.damage(
                    log.segmentAt(orphan).file().name(),
                    at,
                    at + log.bytes(orphan),
                    "message of a queue of which nothing else is there");
        }
    }

    private void recover(Segment segment) {
        new SegmentReader(segment.index(), segment.region(), segment.salt(), marksCount)
                .run(new SegmentReader.Visitor() {
                    @Override
                    public void onPadding(int offset, int alignedLength) {
                        segment.addDead(alignedLength);
                    }

                    @Override
                    public void onRecord(RecoveredRecord record, int alignedLength) {
                        record.mend(); // from now on the mark speaks for it, and receives are counted from what it says
                        show(segment, record, alignedLength);
                    }

                    @Override
                    public void onHole(int from, int to, SegmentReader.Hole hole) {
                        close(segment, from, to, hole);
                    }

                    @Override
                    public void onDamage(int from, int to, String problem) {
                        throw segments.damage(segment.file().name(), from, to, problem);
                    }
                });
        segments.recovered(segment);
        segment.marked();
        if (segment.seal(segment.capacity())) {
            log.retire(segment);
        }
    }

    private void show(Segment segment, RecoveredRecord record, int alignedLength) {
        records++;
        if (record.isMessage()) {
            newestMs = Math.max(newestMs, record.enqueuedMs());
        }
        if (!record.isAlive()) {
            segment.addDead(alignedLength);
        }
        visitor.onRecord(record);
    }

    private void close(Segment segment, int from, int to, SegmentReader.Hole hole) {
        if (hole == SegmentReader.Hole.TORN) {
            tornRecords++;
            tornBytes += to - from;
        }
        log.pad(segment, from, to - from);
        segment.addDead(to - from);
    }
}
