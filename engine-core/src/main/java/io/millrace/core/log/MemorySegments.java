package io.millrace.core.log;

import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.Region;
import java.util.List;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/** Segments of anonymous memory, out of the engine's budget. */
final class MemorySegments implements SegmentSource {
    private final Allocator allocator;
    private final int fullCapacity;

    // Guarded by the log's lifecycle lock.
    private final IntArrayList freeIndices = new IntArrayList();
    private int indices;
    private int nextSalt;

    MemorySegments(Allocator allocator, int salt) {
        this.allocator = allocator;
        this.fullCapacity = RecordLog.fullCapacity(allocator.budget().limitBytes());
        this.nextSalt = salt;
    }

    @Override
    public int fullCapacity() {
        return fullCapacity;
    }

    @Override
    public @Nullable Segment create(int capacity, boolean large) {
        return segment(allocator.tryAllocate(capacity), large);
    }

    @Override
    public @Nullable Segment prepare(int capacity) {
        return null; // memory is had in no time
    }

    @Override
    public boolean isFull() {
        return false;
    }

    @Override
    public @Nullable Segment createToMakeRoom(int capacity) {
        return segment(allocator.tryAllocateToMakeRoom(capacity), false);
    }

    private @Nullable Segment segment(@Nullable Region region, boolean large) {
        if (region == null) {
            return null;
        }
        final int index = freeIndices.isEmpty() ? indices++ : freeIndices.popInt();
        return new Segment(index, region, large, nextSalt());
    }

    private int nextSalt() {
        nextSalt += 0x9E3779B9;
        return nextSalt;
    }

    @Override
    public void renew(Segment segment) {
        segment.renew(nextSalt());
    }

    @Override
    public boolean discard(List<Segment> segments) {
        for (Segment segment : segments) {
            freeIndices.addInt(segment.index());
            allocator.release(segment.region());
        }
        return true;
    }

    @Override
    public void retry() {
        // Whether there is memory is asked every time.
    }

    @Override
    public void close(Segment segment) {
        allocator.release(segment.region());
    }

    @Override
    public boolean isForced() {
        return false;
    }

    @Override
    public boolean isInReserve() {
        return allocator.budget().isInReserve();
    }

    @Override
    public long spareBytes() {
        return allocator.budget().unreservedBytes();
    }

    @Override
    public void onShortage(Runnable giver) {
        allocator.onShortage(giver);
    }
}
