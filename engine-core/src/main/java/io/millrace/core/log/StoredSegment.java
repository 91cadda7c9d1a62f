package io.millrace.core.log;

import io.millrace.core.file.SegmentFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What was found in one segment of a directory. Filled by {@link StoredLog}, then only read; confined to one thread. */
public final class StoredSegment {
    /** What can be said of a segment as a whole. */
    public enum State {
        /** It holds records. */
        IN_USE,
        /** It was prepared, or is about to be used again, and holds none. */
        EMPTY,
        /** Its header says nothing that can be believed; its records may tell. */
        DAMAGED,
        /** It is of another directory. */
        FOREIGN,
        /** Its file cannot be read. */
        UNREADABLE
    }

    /**
     * A place without a record, from its first byte to the one after the last.
     *
     * @param isTorn whether something began there and was not written as a whole; else nothing was
     * @param isDamaged whether a record must be there
     */
    public record Place(int from, int to, boolean isTorn, boolean isDamaged) {}

    private final String file;
    private final int index;
    private final boolean listed;
    private final State state;
    private final long generation;
    private final long length;
    private final int marked;
    private final List<Place> holes = new ArrayList<>();
    private long records;
    private long liveRecords;
    private long liveBytes;
    private long deadBytes;

    StoredSegment(SegmentImage image, boolean listed, long directory) {
        this(
                image.name(),
                image.index(),
                listed,
                image.fileLength(),
                stateOf(image, directory),
                image.generation(),
                image.marked());
    }

    private StoredSegment(
            String file, int index, boolean listed, long length, State state, long generation, int marked) {
        this.file = file;
        this.index = index;
        this.listed = listed;
        this.length = length;
        this.state = state;
        this.generation = generation;
        this.marked = marked;
    }

    private static State stateOf(SegmentImage image, long directory) {
        if (image.damage() != null) {
            return State.DAMAGED;
        }
        if (image.isEmpty()) {
            return State.EMPTY;
        }
        return image.directoryId() == directory ? State.IN_USE : State.FOREIGN;
    }

    static StoredSegment unreadable(SegmentFile file, int index, boolean listed) {
        return new StoredSegment(file.name(), index, listed, file.length(), State.UNREADABLE, 0, 0);
    }

    // ---- filled while it is read ----------------------------------------------------------------------------------

    void addPadding(int bytes) {
        deadBytes += bytes;
    }

    void addRecord(RecoveredRecord record, int bytes) {
        records++;
        if (record.isAlive()) {
            liveRecords++;
            liveBytes += bytes;
        } else {
            deadBytes += bytes;
        }
    }

    void addHole(int from, int to, SegmentReader.Hole hole) {
        holes.add(new Place(from, to, hole == SegmentReader.Hole.TORN, hole == SegmentReader.Hole.DAMAGED));
    }

    // ---- what was found -------------------------------------------------------------------------------------------

    /** Name of its file. */
    public String file() {
        return file;
    }

    /** Number in the name. */
    public int index() {
        return index;
    }

    /** Whether the manifest lists it; true if there is none that can be read. */
    public boolean isListed() {
        return listed;
    }

    /** What it is as a whole. */
    public State state() {
        return state;
    }

    /** Incarnation of the engine (32 bits) and number within it (32). */
    public long generation() {
        return generation;
    }

    /** Bytes of the file. */
    public long length() {
        return length;
    }

    /** Offset up to which its header says that all is committed; 0 if it says nothing. */
    public int marked() {
        return marked;
    }

    /** Sound records, those that have ended included, padding not. */
    public long records() {
        return records;
    }

    /** Sound records that nothing has ended. */
    public long liveRecords() {
        return liveRecords;
    }

    /** Bytes of these. */
    public long liveBytes() {
        return liveBytes;
    }

    /** Bytes of records that have ended, and of padding. */
    public long deadBytes() {
        return deadBytes;
    }

    /** The places without a record, in order. */
    public List<Place> holes() {
        return Collections.unmodifiableList(holes);
    }

    /** Those of them where something was not written as a whole, and nothing is lost that anybody was promised. */
    public long tornRecords() {
        return holes.stream().filter(Place::isTorn).count();
    }
}
