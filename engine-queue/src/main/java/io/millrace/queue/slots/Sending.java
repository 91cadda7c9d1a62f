package io.millrace.queue.slots;

import io.millrace.core.log.Fates;
import io.millrace.core.log.RecordChecksum;
import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.RecordLog;
import io.millrace.core.memory.Region;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way into a queue: its slot is WRITING and its record is claimed, until it is published or aborted. Used
 * again and again by a raw sender. Confined to one thread.
 */
public final class Sending {
    long sequence;
    int block;
    int slot;
    long generation;
    long position;
    long nowMs;
    long hiddenUntilMs;
    int length;
    int payloadAt;

    @Nullable
    Region record;

    private @Nullable RecordChecksum checksum;

    public long sequence() {
        return sequence;
    }

    /** Position of the log record. */
    public long position() {
        return position;
    }

    /** Memory of the record. */
    public Region record() {
        return Objects.requireNonNull(record, "nothing was begun");
    }

    /** Place of the payload in the record's memory. */
    public int payloadAt() {
        return payloadAt;
    }

    /** Lets delay and retention begin now instead of when the message was begun. */
    public void restamp(long newNowMs) {
        nowMs = newNowMs;
    }

    /** Writes the record's header and properties; for a durable log {@link #complete} follows. */
    void writeHeader(int headerSize, long typeWord, long queue, byte[] properties, int payloadLength, long sentMs) {
        Region region = record();
        int at = RecordLog.offsetOf(position);
        region.longPlain(at + RecordLayout.CRC_OFFSET, typeWord);
        region.intPlain(at + RecordLayout.PAYLOAD_LENGTH_OFFSET, payloadLength);
        region.intPlain(at + RecordLayout.PROPERTIES_LENGTH_OFFSET, properties.length);
        region.longPlain(at + RecordLayout.SENT_MS_OFFSET, sentMs);
        region.longPlain(at + RecordLayout.QUEUE_OFFSET, queue);
        region.longPlain(at + RecordLayout.SEQUENCE_OFFSET, sequence);
        payloadAt = at + headerSize + properties.length;
        if (properties.length > 0) {
            region.copyIn(at + headerSize, properties, 0, properties.length);
        }
    }

    /** Writes what a durable record has besides, the checksum last. */
    void complete(RecordLog log, Fates fates, long enqueuedMs, int receives, long hiddenUntilMs, long firstReceivedMs) {
        fates.begin(position, enqueuedMs, receives, hiddenUntilMs, firstReceivedMs);
        if (checksum == null) {
            checksum = new RecordChecksum(log);
        }
        checksum.write(position, length);
    }
}
