package io.millrace.core.memory;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Hands out regions against a {@link MemoryBudget} and takes them back. Thread-safe.
 *
 * <p>The budget is asked first, since {@code allocateDirect} at the JVM's own limit collects garbage and sleeps before it
 * fails; if the JVM has less to give than the budget allows, that counts as "no room" too.
 */
public final class Allocator {
    private static final Reclaimer RECLAIMER = Reclaimer.best();

    private final MemoryBudget budget;
    private final AtomicLong liveRegions = new AtomicLong();
    private volatile Runnable giver = () -> {};

    public Allocator(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Sets what gives memory back that is only kept for later use; it is asked once before an allocation fails. */
    public void onShortage(Runnable newGiver) {
        giver = newGiver;
    }

    /** A zeroed region of {@code length} bytes, or null when the budget or the JVM has no room for it. */
    public @Nullable Region tryAllocate(int length) {
        Region region = tryOnce(length);
        if (region == null) {
            giver.run();
            region = tryOnce(length);
        }
        return region;
    }

    private @Nullable Region tryOnce(int length) {
        final long reserved = (long) length + Region.ALIGNMENT;
        return budget.tryReserve(reserved) ? allocate(length, reserved) : null;
    }

    /** The same for whoever makes room, out of what the budget keeps for him. */
    public @Nullable Region tryAllocateToMakeRoom(int length) {
        final long reserved = (long) length + Region.ALIGNMENT;
        return budget.tryReserveAll(reserved) ? allocate(length, reserved) : null;
    }

    private @Nullable Region allocate(int length, long reserved) {
        try {
            final Reclaimer.Memory memory = RECLAIMER.allocate(length);
            liveRegions.incrementAndGet();
            return new Region(memory.bytes(), memory.owner(), reserved);
        } catch (OutOfMemoryError e) {
            budget.release(reserved);
            return null;
        }
    }

    /** Gives a region back. No thread may touch it during or after this call; at most one call per region. */
    public void release(Region region) {
        RECLAIMER.release(region.owner());
        budget.release(region.reservedBytes());
        liveRegions.decrementAndGet();
    }

    public MemoryBudget budget() {
        return budget;
    }

    /** Regions handed out and not yet given back. */
    public long liveRegions() {
        return liveRegions.get();
    }
}
