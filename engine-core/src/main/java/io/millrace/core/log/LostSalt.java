package io.millrace.core.log;

import io.millrace.core.memory.Region;
import java.util.OptionalInt;

/**
 * Finds the salt of a segment whose header is damaged: the tag of a commit word can be turned back into it, and the checksum of
 * the record tells whether it was one. Stateless.
 *
 * <p>Only the tag's factors are odd, so each step of {@link Segment#tag} has an inverse.
 */
final class LostSalt {
    private static final int FIRST_FACTOR = inverse(0x9E3779B9);
    private static final int SECOND_FACTOR = inverse(0x85EBCA6B);
    private static final int SHIFT = 15;

    private LostSalt() {}

    /** The inverse of an odd number modulo 2^32, by Newton's iteration: each step doubles the bits that are right. */
    private static int inverse(int odd) {
        int inverse = odd; // three bits are right
        for (int bits = 3; bits < Integer.SIZE; bits *= 2) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    /** The salt under which a tag is that of an offset. */
    static int saltOf(int tag, int offset) {
        int mixed = tag * SECOND_FACTOR;
        mixed ^= (mixed >>> SHIFT) ^ (mixed >>> (2 * SHIFT));
        return (mixed * FIRST_FACTOR) ^ offset;
    }

    /** The tag in a commit word, without what its length adds: of salt and offset 0 the tag is 0. */
    static int tagOf(long commitWord) {
        return (int) ((commitWord ^ Segment.commitWord(0, 0, (int) commitWord)) >>> Integer.SIZE);
    }

    /** The salt of the first sound record in a segment; empty if there is none. */
    static OptionalInt find(Region region) {
        final int last = region.length() - RecordLayout.PAYLOAD_LENGTH_OFFSET;
        for (int offset = Segment.FIRST_RECORD; offset <= last; offset += RecordLayout.ALIGNMENT) {
            final long word = region.longPlain(offset + RecordLayout.COMMIT_OFFSET);
            final int length = (int) word;
            if (length >= RecordLayout.PAYLOAD_LENGTH_OFFSET && length <= region.length() - offset) {
                final int salt = saltOf(tagOf(word), offset);
                if (SegmentScan.isRecord(region, salt, offset)) {
                    return OptionalInt.of(salt);
                }
            }
        }
        return OptionalInt.empty();
    }
}
