package io.millrace.core.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the segments of a log come from, and where they go: memory, or the files of a directory. Called with the log's
 * lifecycle lock held.
 */
interface SegmentSource {
    /** Capacity that segments grow to, in bytes: a power of two. */
    int fullCapacity();

    /** An empty segment of at least {@code capacity} bytes, or null if there is no room for it. */
    @Nullable
    Segment create(int capacity, boolean large);

    /** A segment that {@link #renew} must make empty before it is used, or null; also called without the lock. */
    @Nullable
    Segment prepare(int capacity);

    /** Whether there was no room for something since {@link #retry}. */
    boolean isFull();

    /** The same as {@link #create} for whoever makes room, if need be out of what is kept for him. */
    @Nullable
    Segment createToMakeRoom(int capacity);

    /** Makes a retired segment empty, under a generation and a salt of its own. */
    void renew(Segment segment);

    /**
     * Gives segments back that nobody can look at any more. Files are removed without the lock as well.
     *
     * @return false if they have to be kept for now
     */
    boolean discard(List<Segment> segments);

    /** Says that there may be room again where there was none. */
    void retry();

    /** Lets go of a segment at the end, with what it holds. */
    void close(Segment segment);

    /** Whether effects must be on the disk before they are answered. */
    boolean isForced();

    /** Whether less is left than what is kept for whoever makes room. */
    boolean isInReserve();

    /** Bytes that may be had for further segments. */
    long spareBytes();

    /** Sets what gives segments back that are only kept for later use. */
    void onShortage(Runnable giver);
}
