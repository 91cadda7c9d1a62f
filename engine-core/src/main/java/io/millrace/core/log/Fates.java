package io.millrace.core.log;

import io.millrace.core.memory.Region;

/**
 * Keeps the fates of messages in their records, for an engine that is opened again. Thread-safe; called inside the gate, for
 * records that live or whose end the caller is about to count.
 */
// Invariants
// 1. END is stored before the record's bytes are counted as dead, so a segment that may be used again holds only
//    records whose end is known. It is stored by the one who ended the message, once.
// 2. FLIGHT never tells fewer receives than before, but by whoever takes his own receive back: two claimers whose
//    stores come in the wrong order leave the higher number.
public final class Fates {
    private final RecordLog log;

    Fates(RecordLog log) {
        this.log = log;
    }

    /** Writes ENQUEUED and the fate of a record that is claimed and not committed. */
    public void begin(long position, long enqueuedMs, int receives, long hiddenUntilMs, long firstReceivedMs) {
        final Region region = log.region(position);
        final int at = RecordLog.offsetOf(position);
        final int salt = log.saltOf(position);
        region.longPlain(at + RecordLayout.ENQUEUED_OFFSET, enqueuedMs << RecordLayout.COPY_BITS);
        region.longPlain(at + RecordLayout.END_OFFSET, 0);
        region.longPlain(at + RecordLayout.FLIGHT_OFFSET, Fate.flight(salt, at, receives, hiddenUntilMs));
        region.longPlain(at + RecordLayout.FIRST_RECEIVED_OFFSET, Fate.stamp(salt, at, firstReceivedMs));
    }

    /** The same for a copy of another record, whose bytes it has. */
    void beginCopy(long of, long position, int receives, long hiddenUntilMs) {
        final Region source = log.region(of);
        final int at = RecordLog.offsetOf(of);
        final long enqueued = source.longPlain(at + RecordLayout.ENQUEUED_OFFSET);
        final long firstReceived = source.longOpaque(at + RecordLayout.FIRST_RECEIVED_OFFSET);
        begin(position, 0, receives, hiddenUntilMs, Fate.stampMs(log.saltOf(of), at, firstReceived));
        final long copyNumber = (enqueued + 1) & ((1L << RecordLayout.COPY_BITS) - 1);
        log.region(position)
                .longPlain(
                        RecordLog.offsetOf(position) + RecordLayout.ENQUEUED_OFFSET,
                        (enqueued & -(1L << RecordLayout.COPY_BITS)) | copyNumber);
    }

    /** How often the record was moved within the log, modulo 65,536. */
    public short copyNumber(long position) {
        return (short) log.region(position).longPlain(RecordLog.offsetOf(position) + RecordLayout.ENQUEUED_OFFSET);
    }

    /** Notes how the record ended, before it is released. */
    public void end(long position, Fate.End how) {
        final int at = RecordLog.offsetOf(position);
        final Segment segment = log.segmentAt(position);
        final long word = Fate.end(segment.salt(), at, how);
        if (log.isForced()) {
            segment.region().longVolatile(at + RecordLayout.END_OFFSET, word); // hb: segment-force (volatile)
            segment.touch();
        } else {
            segment.region().longRelease(at + RecordLayout.END_OFFSET, word);
        }
    }

    /** Notes a receive, or that the flight it began lasts until another instant; 0: it is over. */
    public void flight(long position, int receives, long hiddenUntilMs) {
        final Region region = log.region(position);
        final int at = RecordLog.offsetOf(position);
        final int index = at + RecordLayout.FLIGHT_OFFSET;
        final long next = Fate.flight(log.saltOf(position), at, receives, hiddenUntilMs);
        long seen = region.longOpaque(index);
        while (Fate.receives(seen) <= Fate.receives(next) && !region.casLong(index, seen, next)) {
            seen = region.longOpaque(index);
        }
    }

    /** Notes that a receive reached nobody: the one before it is the last again. */
    public void unclaim(long position, int receivesBefore) {
        final Region region = log.region(position);
        final int at = RecordLog.offsetOf(position);
        final int index = at + RecordLayout.FLIGHT_OFFSET;
        final long next = Fate.flight(log.saltOf(position), at, receivesBefore, 0);
        long seen = region.longOpaque(index);
        while (Fate.receives(seen) <= receivesBefore + 1 && !region.casLong(index, seen, next)) {
            seen = region.longOpaque(index);
        }
    }

    /** Notes when the message was received first. */
    public void firstReceived(long position, long wallMs) {
        final int at = RecordLog.offsetOf(position);
        log.region(position)
                .longOpaque(at + RecordLayout.FIRST_RECEIVED_OFFSET, Fate.stamp(log.saltOf(position), at, wallMs));
    }
}
