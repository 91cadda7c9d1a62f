package io.millrace.core.time;

import io.millrace.core.memory.Region;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The earliest instant at which each block of slots must be looked at, as a tree of minima with 64 children a node.
 * {@link #arm} is lock-free and may be called by any thread; {@link #fire} by one thread at a time.
 *
 * <p>A block is armed at or before the earliest deadline among its slots. Firing disarms it first and then lets the
 * caller look at the slots and arm it again. Nothing is ever removed: an ack does not come here, a block that is reused
 * keeps its arming, and so the tree has exactly one word per block, whatever is in flight. The root is the next due
 * instant exactly, so neither a parked conductor nor a stepped clock has to guess.
 */
// Invariants
// 1. A deadline is stored in its slot before arm() reads the block's word; fire() clears the word before it reads the
//    slots. Both are full fences, so one of the two sees the other (Dekker) and no deadline is missed.
// 2. arm() lowers every level above a word that it has lowered, never stopping early. A word that is low enough
//    already was lowered by a thread that does the same; if that one stalls on its way up, both deadlines are late,
//    not lost.
// 3. fire() recomputes a node by setting it to NONE first and then lowering it to the minimum of its children. A
//    child that is lowered in between either is seen by the scan or its thread lowers the node after the reset. So
//    at rest, when all calls have returned, every node is at most the minimum of its children.
//    (DeadlineTreeStress.ArmAgainstRecompute) While one runs a node may be higher: an arm() on its way up has not
//    lowered it yet, a recomputation has reset it and is still scanning. Whoever decides by a node to sleep must
//    therefore be woken by whoever changes it afterwards: arm() says that it lowered the root, and whoever has
//    fired looks at the root again and wakes the sleeper (Conductor).
public final class DeadlineTree {
    /** Not armed. */
    public static final long NONE = Long.MAX_VALUE;

    /** Children of a node, and blocks of a group. */
    public static final int FAN_OUT = 64;

    /** Bytes that a group's words take in its region. */
    public static final int GROUP_BYTES = FAN_OUT * Long.BYTES;

    private static final int SHIFT = 6;
    private static final int MASK = FAN_OUT - 1;
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    /** What happens to a block that is due; it is disarmed by then. */
    @FunctionalInterface
    public interface Firing {
        void onDue(int block);
    }

    /** The words of up to 64 groups, made when the first of them appears, so that a small engine stays small. */
    private static final class Page {
        final Region[] regions = new Region[FAN_OUT];
        final long[] minima = filled(FAN_OUT);
    }

    private final Page[] pages;
    private final long[][] levels;

    /** @param groupCapacity most groups that will ever be attached */
    public DeadlineTree(int groupCapacity) {
        final int pageCount = parents(groupCapacity);
        pages = new Page[pageCount];
        levels = new long[depth(pageCount)][];
        for (int level = 0, width = pageCount; level < levels.length; level++, width = parents(width)) {
            levels[level] = filled(width);
        }
    }

    private static int parents(int width) {
        return Math.max(1, (width + MASK) >>> SHIFT);
    }

    private static int depth(int pageCount) {
        int depth = 1;
        for (int width = pageCount; width > 1; width = parents(width)) {
            depth++;
        }
        return depth;
    }

    private static long[] filled(int length) {
        final long[] cells = new long[length];
        Arrays.fill(cells, NONE);
        return cells;
    }

    /** Adds the 64 words at the start of {@code region} for a group. One caller at a time, before its blocks are used. */
    public void attach(int group, Region region) {
        for (int i = 0; i < FAN_OUT; i++) {
            region.longPlain(i * Long.BYTES, NONE);
        }
        Page page = pages[group >>> SHIFT];
        if (page == null) {
            page = new Page();
            pages[group >>> SHIFT] = page;
        }
        page.regions[group & MASK] = region;
    }

    /** Whether a block of the group whose words begin the region is armed at or before an instant; a full fence before it. */
    public static boolean isArmed(Region region, int block, long atMs) {
        return region.longVolatile((block & MASK) * Long.BYTES) <= atMs; // hb: deadline-arm (volatile)
    }

    /**
     * Sees to it that a block is looked at by {@code atMs}, at the latest.
     *
     * <p>Linearizes at: the read that finds the block armed early enough, or the CAS of its word. Progress: lock-free.
     * If it stalls: the deadlines of its block are late, no other. Ordering: label deadline-arm. Stress:
     * DeadlineTreeStress.ArmAgainstFire.
     *
     * @return whether the next due instant of the whole tree became earlier
     */
    public boolean arm(int block, long atMs) {
        final Page page = pages[block >>> (SHIFT + SHIFT)];
        final int group = block >>> SHIFT;
        final Region region = page.regions[group & MASK];
        if (!lower(region, (block & MASK) * Long.BYTES, atMs)) {
            return false;
        }
        lower(page.minima, group & MASK, atMs);
        boolean lowered = false;
        for (int level = 0, cell = group >>> SHIFT; level < levels.length; level++, cell >>>= SHIFT) {
            lowered = lower(levels[level], cell, atMs);
        }
        return lowered;
    }

    private static boolean lower(Region region, int index, long atMs) {
        long current = region.longVolatile(index); // hb: deadline-arm (volatile)
        while (current > atMs) {
            final long witness = region.compareAndExchangeLong(index, current, atMs);
            if (witness == current) {
                return true;
            }
            current = witness;
        }
        return false;
    }

    private static boolean lower(long[] cells, int cell, long atMs) {
        long current = read(cells, cell);
        while (current > atMs) {
            final long witness = (long) CELLS.compareAndExchange(cells, cell, current, atMs);
            if (witness == current) {
                return true;
            }
            current = witness;
        }
        return false;
    }

    /** The earliest instant at which something may be due, or {@link #NONE}. */
    public long nextDueMs() {
        return read(levels[levels.length - 1], 0);
    }

    /**
     * Fires blocks that are due, each once, at most {@code budget} of them. One thread at a time.
     *
     * @return how many were fired; if it equals {@code budget}, more may be due
     */
    public int fire(long nowMs, int budget, Firing firing) {
        return fireLevel(levels.length - 1, 0, nowMs, budget, firing);
    }

    private int fireLevel(int level, int cell, long nowMs, int budget, Firing firing) {
        if (read(levels[level], cell) > nowMs) {
            return 0;
        }
        if (level == 0) {
            return firePage(cell, nowMs, budget, firing);
        }
        final long[] children = levels[level - 1];
        final int first = cell << SHIFT;
        final int end = Math.min(first + FAN_OUT, children.length);
        int fired = 0;
        for (int child = first; child < end && fired < budget; child++) {
            fired += fireLevel(level - 1, child, nowMs, budget - fired, firing);
        }
        recompute(levels[level], cell, children, first, end);
        return fired;
    }

    private int firePage(int number, long nowMs, int budget, Firing firing) {
        final Page page = pages[number];
        int fired = 0;
        for (int place = 0; place < FAN_OUT && fired < budget; place++) {
            if (read(page.minima, place) <= nowMs) {
                final int firstBlock = ((number << SHIFT) | place) << SHIFT;
                fired += fireGroup(page, place, firstBlock, nowMs, budget - fired, firing);
            }
        }
        recompute(levels[0], number, page.minima, 0, FAN_OUT);
        return fired;
    }

    private static void recompute(long[] cells, int cell, long[] children, int first, int end) {
        CELLS.setVolatile(cells, cell, NONE);
        long least = NONE;
        for (int child = first; child < end; child++) {
            least = Math.min(least, read(children, child));
        }
        lower(cells, cell, least);
    }

    private static long read(long[] cells, int cell) {
        return (long) CELLS.getVolatile(cells, cell);
    }

    private static int fireGroup(Page page, int place, int firstBlock, long nowMs, int budget, Firing firing) {
        final Region region = page.regions[place];
        int fired = 0;
        for (int i = 0; i < FAN_OUT && fired < budget; i++) {
            final int index = i * Long.BYTES;
            if (region.longVolatile(index) <= nowMs) {
                region.getAndSetLong(index, NONE); // hb: deadline-arm (volatile)
                firing.onDue(firstBlock + i);
                fired++;
            }
        }
        CELLS.setVolatile(page.minima, place, NONE);
        long least = NONE;
        for (int i = 0; i < FAN_OUT; i++) {
            least = Math.min(least, region.longVolatile(i * Long.BYTES));
        }
        lower(page.minima, place, least);
        return fired;
    }
}
