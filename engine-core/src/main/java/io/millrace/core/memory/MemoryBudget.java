package io.millrace.core.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts off-heap bytes against one limit, so that running out is an answer and never an {@link OutOfMemoryError}.
 * Thread-safe, lock-free.
 */
public final class MemoryBudget {
    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    /** @param limitBytes most bytes that may be reserved at one time, positive */
    public MemoryBudget(long limitBytes) {
        if (limitBytes <= 0) {
            throw new IllegalArgumentException("limitBytes must be positive: limitBytes=" + limitBytes);
        }
        this.limitBytes = limitBytes;
    }

    /** Reserves {@code bytes}, or answers false and reserves nothing. */
    public boolean tryReserve(long bytes) {
        long used = usedBytes.get();
        while (bytes <= limitBytes - used) {
            final long witness = usedBytes.compareAndExchange(used, used + bytes);
            if (witness == used) {
                return true;
            }
            used = witness;
        }
        return false;
    }

    /** Gives back bytes that were reserved. */
    public void release(long bytes) {
        final long left = usedBytes.addAndGet(-bytes);
        assert left >= 0 : "released more than was reserved: left=" + left;
    }

    public long usedBytes() {
        return usedBytes.get();
    }

    public long limitBytes() {
        return limitBytes;
    }
}
