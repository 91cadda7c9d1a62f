package io.millrace.core.log;

import io.millrace.core.memory.Region;
import org.jspecify.annotations.Nullable;

/** What is right and wrong about the header of a segment. Stateless. */
final class SegmentHeader {
    /** No segment is longer: the longest message, its attributes, and a header of each. */
    static final int MAX_LENGTH = 256 << 20;

    /** Lengths are multiples of this. */
    static final int PAGE = 4096;

    /** What is wrong with a segment that was used after the manifest was written. */
    static final String NEWER = "the segment is newer than the manifest";

    private static final int COUNT_BITS = 32;

    private SegmentHeader() {}

    /** Whether a file of such a length can be a segment. */
    static boolean isLength(long length) {
        return length >= PAGE && length <= MAX_LENGTH && length % PAGE == 0;
    }

    /** Whether the segment holds no records, whatever else its header says. */
    static boolean isEmpty(Region region) {
        return region.longPlain(SegmentLayout.STATE_OFFSET) == SegmentLayout.EMPTY;
    }

    /** The generation that an incarnation of the engine gives to the segment that it uses as the {@code count}th. */
    static long generation(int incarnation, long count) {
        return ((long) incarnation << COUNT_BITS) | count;
    }

    /** Whether a segment of any length, which nothing else is known of, was used in a directory. */
    static boolean isUsedIn(Region region, long directory) {
        return region.length() >= SegmentLayout.SIZE
                && !isEmpty(region)
                && damage(region) == null
                && region.longPlain(SegmentLayout.DIRECTORY_OFFSET) == directory;
    }

    /** Whether nothing of the segment has ever reached the disk, which tells it from one that is damaged. */
    static boolean isBlank(Region region) {
        for (int i = 0; i < region.length(); i += Long.BYTES) {
            if (region.longPlain(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** What is wrong with a header, by itself or in its place; null if nothing is. See {@link #misfit}. */
    static @Nullable String problem(Region region, long directory, int index, long newestIncarnation) {
        final @Nullable String damage = damage(region);
        return damage == null ? misfit(region, directory, index, newestIncarnation) : damage;
    }

    /** Incarnation of the engine under which the segment was used last. */
    static long incarnation(Region region) {
        return region.longPlain(SegmentLayout.GENERATION_OFFSET) >>> COUNT_BITS;
    }

    /** What is wrong with a header by itself, so that none of it can be believed; null if nothing is. */
    static @Nullable String damage(Region region) {
        final long state = region.longPlain(SegmentLayout.STATE_OFFSET);
        if (state == SegmentLayout.EMPTY) {
            return null;
        }
        if (state != SegmentLayout.IN_USE) {
            return "the state of the segment is damaged";
        }
        return region.intPlain(SegmentLayout.CRC_OFFSET) == SegmentLayout.crc(region)
                ? null
                : "the checksum of the header differs";
    }

    /**
     * What is wrong with a sound header in its place; null if nothing is.
     *
     * @param directory id of the directory
     * @param index number in the name of the file
     * @param newestIncarnation the incarnation that wrote last
     */
    static @Nullable String misfit(Region region, long directory, int index, long newestIncarnation) {
        if (isEmpty(region)) {
            return null;
        }
        if (region.intPlain(SegmentLayout.FORMAT_OFFSET) != SegmentLayout.FORMAT
                || region.longPlain(SegmentLayout.KEY_ID_OFFSET) != 0) {
            return "the segment has another format";
        }
        if (region.longPlain(SegmentLayout.DIRECTORY_OFFSET) != directory
                || region.intPlain(SegmentLayout.INDEX_OFFSET) != index) {
            return "the segment belongs to another directory or place";
        }
        final long length = region.longPlain(SegmentLayout.LENGTH_OFFSET);
        if (length != region.length()) {
            return "the file has another length than the segment: segment=" + length;
        }
        return incarnation(region) > newestIncarnation ? NEWER : null;
    }
}
