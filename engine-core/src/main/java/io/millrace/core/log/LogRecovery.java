package io.millrace.core.log;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.LongArrayList;

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

    /** What has to be written into a segment before it is one of this run's. */
    private static final class Found {
        private final Segment segment;
        private final boolean isEmpty;

        /** Records with words that tell nothing right. */
        private final LongArrayList unsure = new LongArrayList();

        /** Begin and end of each place that holds no record. */
        private final IntArrayList holes = new IntArrayList();

        Found(Segment segment, boolean isEmpty) {
            this.segment = segment;
            this.isEmpty = isEmpty;
        }
    }

    /** Nothing is written before all was found sound: what is refused is as it was. */
    Report run() {
        final List<Found> all = new ArrayList<>();
        segments.openAll(segment -> {
            log.adopt(segment);
            final Found found = new Found(segment, segments.isEmpty(segment));
            if (!found.isEmpty) {
                look(found);
            }
            all.add(found);
        });
        if (segments.isComplete()) {
            requireNoOrphan();
        }
        all.forEach(this::takeIn);
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

    private void look(Found found) {
        final Segment segment = found.segment;
        new SegmentReader(segment.index(), segment.region(), segment.salt(), marksCount)
                .run(new SegmentReader.Visitor() {
                    @Override
                    public void onPadding(int offset, int alignedLength) {
                        segment.addDead(alignedLength);
                    }

                    @Override
                    public void onRecord(RecoveredRecord record, int alignedLength) {
                        if (record.isUnsure()) {
                            found.unsure.addLong(record.position());
                        }
                        show(segment, record, alignedLength);
                    }

                    @Override
                    public void onHole(int from, int to, SegmentReader.Hole hole) {
                        found.holes.addInt(from);
                        found.holes.addInt(to);
                        count(from, to, hole);
                    }

                    @Override
                    public void onDamage(int from, int to, String problem) {
                        throw segments.damage(segment.file().name(), from, to, problem);
                    }
                });
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

    private void count(int from, int to, SegmentReader.Hole hole) {
        if (hole == SegmentReader.Hole.TORN) {
            tornRecords++;
            tornBytes += to - from;
        }
    }

    private void takeIn(Found found) {
        final Segment segment = found.segment;
        if (found.isEmpty) {
            segments.foundEmpty(segment);
            segment.seal(Segment.FIRST_RECORD);
            log.retire(segment);
            return;
        }
        mend(found);
        for (int i = 0; i < found.holes.size(); i += 2) {
            close(segment, found.holes.getInt(i), found.holes.getInt(i + 1));
        }
        segments.recovered(segment);
        segment.marked();
        if (segment.seal(segment.capacity())) {
            log.retire(segment);
        }
    }

    /** From now on the mark speaks for these records, and receives are counted from what they say. */
    private static void mend(Found found) {
        final Segment segment = found.segment;
        final RecoveredRecord record = new RecoveredRecord(segment.region());
        for (int i = 0; i < found.unsure.size(); i++) {
            record.show(segment.region(), segment.salt(), found.unsure.getLong(i), RecordLayout.MESSAGE);
            record.mend();
        }
    }

    private void close(Segment segment, int from, int to) {
        log.pad(segment, from, to - from);
        segment.addDead(to - from);
    }
}
