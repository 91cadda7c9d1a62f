package io.millrace.core.log;

import io.millrace.api.Durability;
import io.millrace.core.directory.Manifest;
import io.millrace.core.directory.NewDirectory;
import io.millrace.core.directory.ReceiptKey;
import io.millrace.core.directory.SegmentSet;
import io.millrace.core.file.SegmentFile;
import io.millrace.core.memory.Region;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Copies what is sound in the log of a directory into a new one: segment for segment, each record at its place and with its
 * fate, and padding where there was damage. So whatever a record says survives. Confined to one thread.
 *
 * <p>No engine opens the new directory before {@link #finish}.
 */
public final class LogSalvage {
    private static final int COUNT_BITS = 32;
    private static final long COUNT_MASK = 0xFFFF_FFFFL;

    /** Queues that were deleted may have had higher numbers than any that is found. */
    private static final long QUEUE_NUMBERS_TO_SKIP = 1 << 20;

    private static final int STATE_SEGMENT_LENGTH = RecordLog.FIRST_CAPACITY;

    private final StoredLog source;
    private final NewDirectory target;
    private final SecureRandom random = new SecureRandom();
    private final long incarnation;
    private SegmentSet segments = SegmentSet.EMPTY;
    private long generations;

    /**
     * A copy into an empty directory.
     *
     * @param source read to its end
     */
    public LogSalvage(StoredLog source, NewDirectory target) {
        this.source = source;
        this.target = target;
        this.incarnation = Math.min(source.incarnation(), Manifest.MAX_INCARNATION - 1);
    }

    // ---- segments -------------------------------------------------------------------------------------------------

    /**
     * Copies the segments.
     *
     * @param visitor is shown what is copied; what it refuses is left behind
     * @param progress is told how many bytes of the source were read
     */
    public void copy(StoredLog.Visitor visitor, LongConsumer progress) throws IOException {
        source.forEachImage(image -> copy(image, visitor), progress);
    }

    private void copy(SegmentImage image, StoredLog.Visitor visitor) throws IOException {
        final Region from = image.region();
        final int length = Math.max(from.length() + SegmentHeader.PAGE - 1 & -SegmentHeader.PAGE, SegmentHeader.PAGE);
        final int salt = image.saltIfAny().orElseThrow();
        try (SegmentFile file = target.makeSegment(image.index(), length)) {
            final Region to = file.region();
            from.copyTo(SegmentLayout.SIZE, to, SegmentLayout.SIZE, from.length() - SegmentLayout.SIZE);
            image.read(true, new Repair(to, salt, visitor));
            if (from.length() < length) {
                pad(to, salt, from.length(), length - from.length());
            }
            close(file, generationOf(image), salt, image.index());
        }
    }

    /** Copies records as they are shown, and closes what is none. */
    private record Repair(Region to, int salt, StoredLog.Visitor visitor) implements SegmentReader.Visitor {
        @Override
        public void onPadding(int offset, int alignedLength) {
            // It was copied.
        }

        @Override
        public void onRecord(RecoveredRecord record, int alignedLength) {
            visitor.onRecord(record);
            if (record.hasDamagedEnd()) {
                to.longPlain(RecordLog.offsetOf(record.position()) + RecordLayout.END_OFFSET, 0);
            }
        }

        @Override
        public void onHole(int from, int end, SegmentReader.Hole hole) {
            pad(to, salt, from, end - from);
        }

        @Override
        public void onDamage(int from, int end, String problem) {
            // It is shown as a hole or a record too, and was reported when the log was read.
        }
    }

    private static void pad(Region region, int salt, int offset, int length) {
        if (length > RecordLayout.TYPE_OFFSET) {
            region.longPlain(offset + RecordLayout.CRC_OFFSET, RecordLayout.PADDING_WORD);
            region.intPlain(offset + RecordLayout.CRC_OFFSET, RecordChecksum.ofPadding(salt, offset));
        }
        region.longPlain(offset + RecordLayout.COMMIT_OFFSET, Segment.commitWord(salt, offset, length));
    }

    /** The generation that the segment had, unless that cannot be. */
    private long generationOf(SegmentImage image) {
        final boolean believed = image.damage() == null && SegmentHeader.incarnation(image.region()) <= incarnation;
        return believed ? image.generation() : nextGeneration();
    }

    private long nextGeneration() {
        generations++;
        return (incarnation << COUNT_BITS) | (COUNT_MASK - generations); // far from those that an engine counts
    }

    private void close(SegmentFile file, long generation, int salt, int index) throws IOException {
        final Region region = file.region();
        SegmentLayout.write(region, source.directoryId(), generation, salt, index);
        SegmentLayout.mark(region, salt, region.length());
        file.force(0, region.length());
        segments = segments.with(index);
    }

    // ---- states ---------------------------------------------------------------------------------------------------

    /**
     * The state of a queue that is to be written, as {@link StateRecords} does.
     *
     * @param queue number of the queue
     * @param content the state as bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // never changed
    public record State(long queue, byte[] content) {
        int length() {
            return RecordLayout.SIZE + content.length;
        }
    }

    /** Writes states of queues into a segment of their own. */
    public void write(List<State> states) throws IOException {
        if (states.isEmpty()) {
            return;
        }
        final int needed = Segment.FIRST_RECORD
                + states.stream()
                        .mapToInt(state -> RecordLayout.aligned(state.length()))
                        .sum();
        final int length = Math.max(STATE_SEGMENT_LENGTH, needed + SegmentHeader.PAGE - 1 & -SegmentHeader.PAGE);
        final int index = segments.lowestFree();
        final int salt = random.nextInt();
        try (SegmentFile file = target.makeSegment(index, length)) {
            final Region region = file.region();
            int at = Segment.FIRST_RECORD;
            for (State state : states) {
                write(region, salt, at, state);
                at += RecordLayout.aligned(state.length());
            }
            if (at < length) {
                pad(region, salt, at, length - at);
            }
            close(file, nextGeneration(), salt, index);
        }
    }

    private static void write(Region region, int salt, int at, State state) {
        region.longPlain(
                at + RecordLayout.CRC_OFFSET, RecordLayout.typeWord(RecordLayout.STATE, RecordLayout.HAS_FATE, 1));
        region.intPlain(at + RecordLayout.PAYLOAD_LENGTH_OFFSET, state.content().length);
        region.longPlain(at + RecordLayout.QUEUE_OFFSET, state.queue());
        region.longPlain(at + RecordLayout.SEQUENCE_OFFSET, 1);
        region.copyIn(at + RecordLayout.SIZE, state.content(), 0, state.content().length);
        RecordChecksum.write(region.newReadOnlyView(), region, at, state.length(), salt);
        region.longPlain(at + RecordLayout.COMMIT_OFFSET, Segment.commitWord(salt, at, state.length()));
    }

    // ---- end ------------------------------------------------------------------------------------------------------

    /**
     * Writes the manifest: what there was is kept, what cannot be read is made anew.
     *
     * @param highestQueue highest number of a queue that was found
     */
    public void finish(long highestQueue) throws IOException {
        final Manifest manifest =
                source.inspection().manifest().map(this::continued).orElseGet(() -> anew(highestQueue));
        target.finish(manifest);
    }

    private Manifest continued(Manifest before) {
        return new Manifest(
                before.directoryId(),
                (int) incarnation,
                before.durability(),
                Manifest.UNKNOWN_BOOT,
                true,
                before.engineTimeMs(),
                before.queueNumberCeiling(),
                before.receiptKey(),
                segments);
    }

    private Manifest anew(long highestQueue) {
        return new Manifest(
                source.directoryId(),
                (int) incarnation,
                Durability.PROCESS_CRASH,
                Manifest.UNKNOWN_BOOT,
                true,
                0, // the records tell
                Math.max(0, highestQueue) + QUEUE_NUMBERS_TO_SKIP,
                ReceiptKey.random(random),
                segments);
    }
}
