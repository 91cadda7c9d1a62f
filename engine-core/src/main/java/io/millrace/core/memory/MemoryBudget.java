package io.millrace.core.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts off-heap bytes against one limit, so that running out is an answer and never an {@link OutOfMemoryError}.
 * Thread-safe, lock-free.
 */
public final class MemoryBudget {
    private final long limitBytes;
    private final long reserveBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    /** @param limitBytes most bytes that may be reserved at one time, positive */
    public MemoryBudget(long limitBytes) {
        this(limitBytes, 0);
    }

    /**
     * @param limitBytes most bytes that may be reserved at one time, positive
     * @param reserveBytes how many of them are kept for whoever makes room, at least 0 and less than the limit
     */
    public MemoryBudget(long limitBytes, long reserveBytes) {
        if (reserveBytes < 0 || limitBytes <= reserveBytes) {
            throw new IllegalArgumentException(
                    "limits are wrong: limitBytes=" + limitBytes + " reserveBytes=" + reserveBytes);
        }
        this.limitBytes = limitBytes;
        this.reserveBytes = reserveBytes;
    }

    /** Reserves {@code bytes}, or answers false and reserves nothing. */
    public boolean tryReserve(long bytes) {
        return tryReserveBelow(limitBytes - reserveBytes, bytes);
    }

    /** The same for whoever makes room: what is kept for him counts. */
    public boolean tryReserveAll(long bytes) {
        return tryReserveBelow(limitBytes, bytes);
    }

    private boolean tryReserveBelow(long mostBytes, long bytes) {
        long used = usedBytes.get();
        while (bytes <= mostBytes - used) {
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

    /** Whether less is left than what is kept for whoever makes room. */
    public boolean isInReserve() {
        return unreservedBytes() < 0;
    }

    /** Bytes that anybody may still reserve; negative when what is kept for whoever makes room is in use. */
    public long unreservedBytes() {
        return limitBytes - reserveBytes - usedBytes.get();
    }

    public long usedBytes() {
        return usedBytes.get();
    }

    public long limitBytes() {
        return limitBytes;
    }
}
