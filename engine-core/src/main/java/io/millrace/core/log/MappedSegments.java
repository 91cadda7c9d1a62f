package io.millrace.core.log;

import io.millrace.api.CorruptLogException;
import io.millrace.api.Durability;
import io.millrace.core.directory.EngineDirectory;
import io.millrace.core.file.SegmentFile;
import io.millrace.core.memory.Region;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Segments that are mapped files of an engine's directory, prepared with zeros before they are used. */
final class MappedSegments implements SegmentSource {
    /** Capacity that segments grow to, in bytes. */
    static final int FULL_CAPACITY = 4 << 20;

    private final EngineDirectory directory;
    private final boolean retriesAtOnce;

    /** The shortest file for which there was no room since {@link #retry}. */
    private volatile int noRoomFor = Integer.MAX_VALUE;

    // Guarded by the log's lifecycle lock.
    private long generations;

    /** @param retriesAtOnce whether nobody looks for room by himself */
    MappedSegments(EngineDirectory directory, boolean retriesAtOnce) {
        this.directory = directory;
        this.retriesAtOnce = retriesAtOnce;
    }

    @Override
    public int fullCapacity() {
        return FULL_CAPACITY;
    }

    // ---- make and renew -------------------------------------------------------------------------------------------

    @Override
    public @Nullable Segment create(int capacity, boolean large) {
        final Segment segment = prepare(capacity, large);
        if (segment != null) {
            renew(segment);
        }
        return segment;
    }

    /** A new file with zeros, which counts as empty. */
    @Override
    public @Nullable Segment prepare(int capacity) {
        return prepare(capacity, false);
    }

    private @Nullable Segment prepare(int capacity, boolean large) {
        final int length = (capacity + SegmentHeader.PAGE - 1) & -SegmentHeader.PAGE;
        if (length >= noRoomFor && !retriesAtOnce) {
            return null; // somebody looks for room now and then; to try for every message would take the disk's time
        }
        final int index = directory.takeIndex();
        @Nullable SegmentFile file = null;
        boolean kept = false;
        try {
            directory.requireRoom(length);
            file = directory.prepareSegment(index, length, emptyHeader());
            directory.addSegment(index);
            kept = true;
            return new Segment(index, file, large, 0);
        } catch (IOException e) {
            noRoomFor = Math.min(noRoomFor, length);
            if (file == null) {
                directory.giveIndexBack(index);
            } else {
                directory.removeStranger(index);
            }
            return null;
        } finally {
            if (!kept && file != null) {
                file.close();
            }
        }
    }

    private static byte[] emptyHeader() {
        final byte[] header = new byte[SegmentLayout.SIZE];
        for (int i = 0; i < Long.BYTES; i++) {
            header[i] = (byte) (SegmentLayout.EMPTY >>> (i * Byte.SIZE));
        }
        return header;
    }

    @Override
    public @Nullable Segment createToMakeRoom(int capacity) {
        return create(capacity, false);
    }

    @Override
    public void renew(Segment segment) {
        final long generation = SegmentHeader.generation(directory.incarnation(), ++generations);
        segment.renew(generation, directory.random().nextInt());
        SegmentLayout.write(segment.region(), directory.directoryId(), generation, segment.salt(), segment.index());
        if (isForced()) {
            force(segment, 0, SegmentHeader.PAGE);
        }
    }

    private void force(Segment segment, int from, int length) {
        try {
            segment.file().force(from, length);
        } catch (IOException e) {
            throw directory.failed("segment cannot be kept: file=" + segment.file(), e);
        }
    }

    // ---- an earlier run -------------------------------------------------------------------------------------------

    /** Opens the segments that the directory holds, in order of their index; each is the caller's from when it is given. */
    void openAll(Consumer<Segment> opened) {
        directory.strangers().forEach(this::requireOld);
        directory.segments().forEach(index -> opened.accept(open(index)));
    }

    /**
     * Refuses a directory in which a segment was used after the manifest was written that does not name it: that manifest is not
     * the last one, and by it messages would be thrown away.
     */
    private void requireOld(int index) {
        final SegmentFile file;
        try {
            file = directory.openSegment(index);
        } catch (IOException | CorruptLogException e) {
            return; // prepared and not finished
        }
        try {
            final Region region = file.region();
            if (SegmentHeader.isUsedIn(region, directory.directoryId())
                    && SegmentHeader.incarnation(region) > newestIncarnation()) {
                throw damage(file.name(), 0, SegmentLayout.SIZE, SegmentHeader.NEWER);
            }
        } finally {
            file.close();
        }
    }

    /** The incarnation that wrote last: this one has not written yet. */
    private long newestIncarnation() {
        return Integer.toUnsignedLong(directory.incarnation()) - 1;
    }

    /** Removes what the manifest does not name, when nothing more can be found wrong with it. */
    void removeStrangers() {
        directory.strangers().forEach(directory::removeStranger);
    }

    private Segment open(int index) {
        try {
            final SegmentFile file = directory.openSegment(index);
            boolean opened = false;
            try {
                final Segment segment = opened(index, file);
                opened = true;
                return segment;
            } finally {
                if (!opened) {
                    file.close();
                }
            }
        } catch (IOException e) {
            throw directory.cannotOpen(e);
        }
    }

    private Segment opened(int index, SegmentFile file) throws IOException {
        if (!SegmentHeader.isLength(file.length())) {
            throw damage(file.name(), file.length(), file.length(), "length is not that of a segment");
        }
        directory.fillHoles(index);
        final Region region = file.region();
        final String problem = isBlank(region)
                ? null
                : SegmentHeader.problem(region, directory.directoryId(), index, newestIncarnation());
        if (problem != null) {
            throw damage(file.name(), 0, SegmentLayout.SIZE, problem);
        }
        return new Segment(index, file, isLarge(region.length()), region.intPlain(SegmentLayout.SALT_OFFSET));
    }

    private static boolean isLarge(int length) {
        return length > FULL_CAPACITY || Integer.bitCount(length) != 1;
    }

    /** Whether what the marks state can be relied on: the disk was told to keep it, or the machine has not gone down since. */
    boolean doMarksCount() {
        return directory.doMarksCount();
    }

    /** Whether all that was stored is there, see {@link EngineDirectory#isComplete()}. */
    boolean isComplete() {
        return directory.isComplete();
    }

    boolean isEmpty(Segment segment) {
        return SegmentHeader.isEmpty(segment.region()) || isBlank(segment.region());
    }

    /** Whether a segment was prepared when the machine went down, and never reached the disk. */
    private boolean isBlank(Region region) {
        return !doMarksCount() && SegmentHeader.isBlank(region);
    }

    /** Called for a segment that holds no records: what it is must be on the disk like the rest. */
    void foundEmpty(Segment segment) {
        segment.region().longPlain(SegmentLayout.STATE_OFFSET, SegmentLayout.EMPTY);
        if (isForced()) {
            force(segment, 0, segment.capacity());
        }
    }

    /** Called when the holes of a segment are closed: from now on nothing in it may be wrong. */
    void recovered(Segment segment) {
        if (isForced()) {
            force(segment, 0, segment.capacity());
        }
        SegmentLayout.mark(segment.region(), segment.salt(), segment.capacity());
    }

    CorruptLogException damage(String file, long from, long to, String problem) {
        return directory.damage(file, from, to, problem);
    }

    // ---- end ------------------------------------------------------------------------------------------------------

    @Override
    public boolean discard(List<Segment> segments) {
        try {
            directory.dropSegments(segments.stream().map(Segment::index).toList());
        } catch (IOException e) {
            noRoomFor = 0; // not even for the manifest
            return false;
        }
        for (Segment segment : segments) {
            segment.file().close();
            directory.removeStranger(segment.index());
        }
        return true;
    }

    @Override
    public void retry() {
        noRoomFor = Integer.MAX_VALUE;
    }

    @Override
    public void close(Segment segment) {
        segment.file().close();
    }

    // ---- room -----------------------------------------------------------------------------------------------------

    @Override
    public boolean isForced() {
        return directory.durability() == Durability.POWER_LOSS;
    }

    @Override
    public boolean isFull() {
        return noRoomFor != Integer.MAX_VALUE;
    }

    @Override
    public boolean isInReserve() {
        return false;
    }

    @Override
    public long spareBytes() {
        return isFull() ? 0 : Long.MAX_VALUE / 4;
    }

    @Override
    public void onShortage(Runnable giver) {
        // Room on the disk is given back when segments are, and not asked for.
    }
}
