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

    public Allocator(MemoryBudget budget) {
        this.budget = budget;
    }

    /** A zeroed region of {@code length} bytes, or null when the budget or the JVM has no room for it. */
    public @Nullable Region tryAllocate(int length) {
        final long reserved = (long) length + Region.ALIGNMENT;
        if (!budget.tryReserve(reserved)) {
            return null;
        }
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
