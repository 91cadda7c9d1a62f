package io.millrace.core.log;

import io.millrace.core.memory.Region;

/** Writes records that hold no message but what a queue is; rare, so each is written as a whole. Stateless. */
public final class StateRecords {
    private static final long TYPE_WORD = RecordLayout.typeWord(RecordLayout.STATE, RecordLayout.HAS_FATE, 1);

    private StateRecords() {}

    /**
     * Appends a record; called inside the gate.
     *
     * @param version of two living states of a queue the higher one counts
     * @return its position, or {@link RecordLog#NO_ROOM}
     */
    public static long append(RecordLog log, Fates fates, long queue, long version, byte[] content) {
        final int length = RecordLayout.SIZE + content.length;
        final RecordChecksum checksum = new RecordChecksum(log);
        final long position = log.claimAlways(length);
        if (position == RecordLog.NO_ROOM) {
            return position;
        }
        final Region region = log.region(position);
        final int at = RecordLog.offsetOf(position);
        region.longPlain(at + RecordLayout.CRC_OFFSET, TYPE_WORD);
        region.intPlain(at + RecordLayout.PAYLOAD_LENGTH_OFFSET, content.length);
        region.intPlain(at + RecordLayout.PROPERTIES_LENGTH_OFFSET, 0);
        region.longPlain(at + RecordLayout.SENT_MS_OFFSET, 0);
        region.longPlain(at + RecordLayout.QUEUE_OFFSET, queue);
        region.longPlain(at + RecordLayout.SEQUENCE_OFFSET, version);
        region.copyIn(at + RecordLayout.SIZE, content, 0, content.length);
        fates.begin(position, 0, 0, 0, 0);
        checksum.write(position, length);
        log.commit(position, length);
        return position;
    }
}
