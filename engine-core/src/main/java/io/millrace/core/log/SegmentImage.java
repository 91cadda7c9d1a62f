package io.millrace.core.log;

import io.millrace.core.file.SegmentFile;
import io.millrace.core.memory.Region;
import java.io.IOException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The bytes of a segment's file as they were read, without mapping it. Immutable after reading. */
final class SegmentImage {
    private final String name;
    private final int index;
    private final long fileLength;
    private final Region region;
    private final OptionalInt salt;

    private SegmentImage(String name, int index, long fileLength, Region region) {
        this.name = name;
        this.index = index;
        this.fileLength = fileLength;
        this.region = region;
        this.salt = salt();
    }

    /** The whole segment. */
    static SegmentImage read(SegmentFile file, int index) throws IOException {
        final int length = (int) Math.min(file.length(), SegmentHeader.MAX_LENGTH);
        final byte[] bytes = new byte[Math.max(length, SegmentLayout.SIZE)];
        final int read = file.read(0, bytes, 0, length);
        // Of a file that is too short for a header, zeros take its place. What is left at the end is no word.
        final int words = Math.max(read, SegmentLayout.SIZE) & -RecordLayout.ALIGNMENT;
        return new SegmentImage(file.name(), index, Math.max(read, file.length()), Region.onHeap(bytes, words));
    }

    /** Its header alone; null if it cannot be read. */
    static @Nullable SegmentImage header(SegmentFile file) {
        try {
            final byte[] bytes = new byte[SegmentLayout.SIZE];
            file.read(0, bytes, 0, bytes.length);
            return new SegmentImage(file.name(), 0, file.length(), Region.onHeap(bytes, bytes.length));
        } catch (IOException e) {
            return null;
        }
    }

    private OptionalInt salt() {
        if (SegmentHeader.isEmpty(region)) {
            return OptionalInt.empty();
        }
        return damage() == null ? OptionalInt.of(region.intPlain(SegmentLayout.SALT_OFFSET)) : LostSalt.find(region);
    }

    String name() {
        return name;
    }

    int index() {
        return index;
    }

    long fileLength() {
        return fileLength;
    }

    Region region() {
        return region;
    }

    boolean isEmpty() {
        return SegmentHeader.isEmpty(region);
    }

    long directoryId() {
        return region.longPlain(SegmentLayout.DIRECTORY_OFFSET);
    }

    long generation() {
        return region.longPlain(SegmentLayout.GENERATION_OFFSET);
    }

    /** The salt of its header, or what its records tell if that is damaged; empty if there is nothing to read. */
    OptionalInt saltIfAny() {
        return salt;
    }

    /** Up to where all is committed, as its header says; 0 if it does not say so. */
    int marked() {
        return salt.isPresent() ? Math.max(0, SegmentLayout.marked(region, salt.getAsInt())) : 0;
    }

    /** What is wrong with the header by itself; null if nothing is. */
    @Nullable
    String damage() {
        return SegmentHeader.damage(region);
    }

    /** What is wrong with the header; null if nothing is. */
    @Nullable
    String problem(long directory, long newestIncarnation) {
        return SegmentHeader.problem(region, directory, index, newestIncarnation);
    }

    /** What is wrong with the length; null if nothing is. */
    @Nullable
    String wrongLength() {
        return SegmentHeader.isLength(fileLength) ? null : "length is not that of a segment: length=" + fileLength;
    }

    /** Whether its records are those of a directory, as far as the header tells. */
    boolean belongsTo(long directory) {
        return salt.isPresent() && (damage() != null || directoryId() == directory);
    }

    /** Shows its records, holes and damages. */
    void read(boolean marksCount, SegmentReader.Visitor visitor) {
        new SegmentReader(index, region, salt.orElseThrow(), marksCount).run(visitor);
    }
}
