package io.millrace.core.log;

import io.millrace.core.memory.Region;
import java.util.zip.CRC32C;

/**
 * The header of a segment file, one cache line, little endian.
 *
 * <pre>
 *  offset  length  field       meaning
 *  ------  ------  ----------  ---------------------------------------------------------------------------------
 *       0       8  STATE       {@link #IN_USE} or {@link #EMPTY}; anything else is damage
 *       8       4  FORMAT      version of the format, 0
 *      12       4  CRC         CRC32C of FORMAT, DIRECTORY to LENGTH and KEY_ID
 *      16       8  DIRECTORY   random id of the directory
 *      24       8  GENERATION  incarnation of the engine (32 bits) | number within it (32); never repeats
 *      32       4  SALT        random
 *      36       4  INDEX       number of the segment, as in its file's name
 *      40       8  LENGTH      bytes of the file
 *      48       8  MARK        offset up to which all is committed and, at POWER_LOSS, was forced (32) | tag of it (32);
 *                              0: nothing was stated yet
 *      56       8  KEY_ID      reserved for the key that encrypts, 0
 * </pre>
 *
 * <p>A segment is emptied by one store of EMPTY, after which the other fields may change; one store of IN_USE, the last, makes
 * them count.
 */
public final class SegmentLayout {
    public static final int STATE_OFFSET = 0;
    public static final int FORMAT_OFFSET = STATE_OFFSET + 8;
    public static final int CRC_OFFSET = FORMAT_OFFSET + 4;
    public static final int DIRECTORY_OFFSET = CRC_OFFSET + 4;
    public static final int GENERATION_OFFSET = DIRECTORY_OFFSET + 8;
    public static final int SALT_OFFSET = GENERATION_OFFSET + 8;
    public static final int INDEX_OFFSET = SALT_OFFSET + 4;
    public static final int LENGTH_OFFSET = INDEX_OFFSET + 4;
    public static final int MARK_OFFSET = LENGTH_OFFSET + 8;
    public static final int KEY_ID_OFFSET = MARK_OFFSET + 8;

    /** Bytes of the header; the first record follows. */
    public static final int SIZE = KEY_ID_OFFSET + 8;

    /** State of a segment that holds records: the bytes {@code millrace}. */
    public static final long IN_USE = 0x6563_6172_6c6c_696dL;

    /** State of a segment that holds none: the bytes {@code MILLrace}. */
    public static final long EMPTY = 0x6563_6172_4c4c_494dL;

    /** Version of the format. */
    public static final int FORMAT = 0;

    private SegmentLayout() {}

    /** Makes a segment empty under another generation. */
    static void write(Region region, long directory, long generation, int salt, int index) {
        region.longVolatile(STATE_OFFSET, EMPTY);
        region.intPlain(FORMAT_OFFSET, FORMAT);
        region.longPlain(DIRECTORY_OFFSET, directory);
        region.longPlain(GENERATION_OFFSET, generation);
        region.intPlain(SALT_OFFSET, salt);
        region.intPlain(INDEX_OFFSET, index);
        region.longPlain(LENGTH_OFFSET, region.length());
        region.longPlain(MARK_OFFSET, 0);
        region.longPlain(KEY_ID_OFFSET, 0);
        region.intPlain(CRC_OFFSET, crc(region));
        region.longVolatile(STATE_OFFSET, IN_USE);
    }

    /** States that everything before {@code offset} is committed. */
    static void mark(Region region, int salt, int offset) {
        region.longRelease(MARK_OFFSET, Segment.commitWord(salt, MARK_OFFSET, offset));
    }

    /** The offset that was stated last, 0 if none was, or -1 if the word is damaged. */
    static int marked(Region region, int salt) {
        final long word = region.longPlain(MARK_OFFSET);
        final int offset = (int) word;
        if (word == 0) {
            return 0;
        }
        final boolean right = word == Segment.commitWord(salt, MARK_OFFSET, offset);
        return right && offset > 0 && offset <= region.length() ? offset : -1;
    }

    /** CRC32C of what identifies a segment. */
    static int crc(Region region) {
        final CRC32C crc = new CRC32C();
        final byte[] header = new byte[SIZE];
        region.copyOut(0, header, 0, SIZE);
        crc.update(header, FORMAT_OFFSET, 4);
        crc.update(header, DIRECTORY_OFFSET, MARK_OFFSET - DIRECTORY_OFFSET);
        crc.update(header, KEY_ID_OFFSET, 8);
        return (int) crc.getValue();
    }
}
