package io.millrace.core.log;

import io.millrace.core.memory.Region;
import org.jspecify.annotations.Nullable;

/** A record that was found when a log was opened. Shows one record after the other; confined to the opening thread. */
public final class RecoveredRecord {
    private Region region;
    private long position;
    private int salt;
    private int at;
    private int type;

    RecoveredRecord(Region region) {
        this.region = region;
    }

    void show(Region newRegion, int newSalt, long newPosition, int newType) {
        region = newRegion;
        salt = newSalt;
        position = newPosition;
        at = RecordLog.offsetOf(newPosition);
        type = newType;
    }

    public long position() {
        return position;
    }

    public boolean isMessage() {
        return type == RecordLayout.MESSAGE;
    }

    /** Number of the queue. */
    public long queue() {
        return region.longPlain(at + RecordLayout.QUEUE_OFFSET);
    }

    /** Sequence of the message, or version of the state. */
    public long sequence() {
        return region.longPlain(at + RecordLayout.SEQUENCE_OFFSET);
    }

    /** How often the record was moved within the log, modulo 65,536. */
    public short copyNumber() {
        return (short) region.longPlain(at + RecordLayout.ENQUEUED_OFFSET);
    }

    /** Engine time at which retention starts. */
    public long enqueuedMs() {
        return region.longPlain(at + RecordLayout.ENQUEUED_OFFSET) >> RecordLayout.COPY_BITS;
    }

    private long endWord() {
        return region.longPlain(at + RecordLayout.END_OFFSET);
    }

    /** Whether nothing has ended it. */
    public boolean isAlive() {
        return Fate.endedBy(salt, at, endWord()) == null;
    }

    /** What has ended it, or null if nothing has. */
    public Fate.@Nullable End endedBy() {
        return Fate.endedBy(salt, at, endWord());
    }

    /** Bytes that it takes in its segment. */
    public int alignedLength() {
        return RecordLayout.aligned((int) region.longPlain(at + RecordLayout.COMMIT_OFFSET));
    }

    /** Whether the message itself has ended, and not only this record of it. */
    public boolean isEnd() {
        final Fate.End how = Fate.endedBy(salt, at, endWord());
        return how != null && how != Fate.End.COPIED;
    }

    /** Whether it was ended together with all that belongs to it. */
    public boolean isPurged() {
        return Fate.endedBy(salt, at, endWord()) == Fate.End.PURGED;
    }

    /** Whether the word that tells the end is neither empty nor right. */
    boolean hasDamagedEnd() {
        return endWord() != 0 && isAlive();
    }

    /** Whether {@link #mend} would change anything. */
    boolean isUnsure() {
        return hasDamagedEnd()
                || !isFlightRight()
                || (firstReceivedMs() == 0 && region.longPlain(at + RecordLayout.FIRST_RECEIVED_OFFSET) != 0);
    }

    /** Lets the words of its fate that tell nothing right say what they were taken for. */
    void mend() {
        if (hasDamagedEnd()) {
            region.longPlain(at + RecordLayout.END_OFFSET, 0);
        }
        if (!isFlightRight()) {
            region.longPlain(at + RecordLayout.FLIGHT_OFFSET, Fate.flight(salt, at, receives(), 0));
        }
        if (firstReceivedMs() == 0) {
            region.longPlain(at + RecordLayout.FIRST_RECEIVED_OFFSET, 0);
        }
    }

    private long flightWord() {
        return region.longPlain(at + RecordLayout.FLIGHT_OFFSET);
    }

    private boolean isFlightRight() {
        return Fate.isFlight(salt, at, flightWord());
    }

    /** Receives so far; 1 if the word that tells is damaged. */
    public int receives() {
        return isFlightRight() ? Fate.receives(flightWord()) : 1;
    }

    /** Engine time until which it is hidden, or 0 if it is visible. */
    public long hiddenUntilMs(long nowMs) {
        final boolean hidden = isFlightRight() && Fate.isHidden(flightWord());
        return hidden ? Fate.deadlineMs(flightWord(), nowMs) : 0;
    }

    /** Wall clock of the first receive, or 0 if that is not known. */
    public long firstReceivedMs() {
        return Fate.stampMs(salt, at, region.longPlain(at + RecordLayout.FIRST_RECEIVED_OFFSET));
    }

    /** Whether its properties name the message that it takes the place of. */
    public boolean hasOrigin() {
        return (region.bytePlain(at + RecordLayout.FLAGS_OFFSET) & RecordLayout.HAS_ORIGIN) != 0;
    }

    /** A copy of the properties. */
    public byte[] properties() {
        return copy(RecordLayout.propertiesAt(region, at), region.intPlain(at + RecordLayout.PROPERTIES_LENGTH_OFFSET));
    }

    /** A copy of the payload. */
    public byte[] payload() {
        return copy(RecordLayout.payloadAt(region, at), region.intPlain(at + RecordLayout.PAYLOAD_LENGTH_OFFSET));
    }

    private byte[] copy(int index, int length) {
        final byte[] bytes = new byte[length];
        region.copyOut(index, bytes, 0, length);
        return bytes;
    }
}
