package io.millrace.core.log;

import io.millrace.core.memory.Region;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Checksums of records in place. Confined to one thread; allocates only when it first meets a segment.
 *
 * <p>A record's checksum covers everything but the commit word and the fates, and is combined with bits of the segment's
 * salt and of the place, so that a record of another generation or another place is none here.
 */
public final class RecordChecksum {
    private static final int PADDING_CRC = paddingCrc();

    private final RecordLog log;
    private final SegmentViews views;
    private final CRC32C crc = new CRC32C();

    public RecordChecksum(RecordLog log) {
        this.log = log;
        this.views = new SegmentViews(log, true);
    }

    /** Writes the checksum of a record that is complete but for it. */
    public void write(long position, int length) {
        final int at = RecordLog.offsetOf(position);
        final ByteBuffer view = views.of(position);
        log.region(position)
                .intPlain(at + RecordLayout.CRC_OFFSET, of(crc, view, at, length) ^ seed(log.saltOf(position), at));
        view.limit(0);
    }

    /** Whether the checksum of a record is right. */
    boolean isRight(long position, int length) {
        final int at = RecordLog.offsetOf(position);
        final ByteBuffer view = views.of(position);
        log.region(position)
                .touch(
                        at,
                        RecordLayout.aligned(
                                length)); // a checksum would not survive a page that cannot be read, this does
        return isRight(crc, view, log.region(position), at, length, log.saltOf(position));
    }

    /** The same for a record whose length and number of targets are possible. */
    static boolean isRight(CRC32C crc, ByteBuffer view, Region region, int at, int length, int salt) {
        return region.intPlain(at + RecordLayout.CRC_OFFSET) == (of(crc, view, at, length) ^ seed(salt, at));
    }

    /** Writes the checksum of a record with one target and a fate. */
    static void write(ByteBuffer view, Region region, int at, int length, int salt) {
        region.intPlain(at + RecordLayout.CRC_OFFSET, of(new CRC32C(), view, at, length) ^ seed(salt, at));
    }

    /** CRC32C of what is covered of a record with one target and a fate. */
    private static int of(CRC32C crc, ByteBuffer view, int at, int length) {
        crc.reset();
        view.limit(at + RecordLayout.END_OFFSET).position(at + RecordLayout.TYPE_OFFSET);
        crc.update(view);
        view.limit(at + length).position(at + RecordLayout.SIZE);
        crc.update(view);
        return (int) crc.getValue();
    }

    private static int seed(int salt, int offset) {
        return Integer.reverse(Segment.tag(salt, offset));
    }

    // ---- padding --------------------------------------------------------------------------------------------------

    private static int paddingCrc() {
        final CRC32C crc = new CRC32C();
        crc.update(new byte[] {RecordLayout.PADDING, 0, 0, 0});
        return (int) crc.getValue();
    }

    /** The checksum of padding, in which nothing differs but the place. */
    static int ofPadding(int salt, int offset) {
        return PADDING_CRC ^ seed(salt, offset);
    }
}
