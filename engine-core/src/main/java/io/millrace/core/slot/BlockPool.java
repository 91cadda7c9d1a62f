package io.millrace.core.slot;

import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.concurrent.PaddedLongs;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.Region;
import io.millrace.core.time.DeadlineTree;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The engine's blocks of slots and directory pages. Thread-safe; {@link #tryTake} and {@link #retire} are
 * called inside the {@link OperationGate}.
 *
 * <p>A retired block is taken again only when no operation that might look at it is inside. Memory is allocated a slab
 * of 64 blocks at a time and kept until the engine closes.
 */
// Two Treiber stacks (R. Treiber, 1986): blocks that may be taken, and blocks that wait for their era to pass. The
// free stack's head carries a tag against ABA (BlockPoolStress.TwoTakers); the retired stack is only pushed to and
// taken whole, so it needs none.
//
// field    written by     read by   write      read
// FREE     any operation  any       CAS        volatile      tag (32 bits) | block + 1 (32 bits)
// RETIRED  any operation  any       CAS, swap  volatile      block + 1
// slabs    growing lock   any       volatile   volatile
public final class BlockPool {
    /** No block: neither free nor to be had from the allocator. */
    public static final int NONE = -1;

    /** Bytes of the memory that is allocated at a time. */
    public static final int SLAB_BYTES = BlockLayout.SLAB;

    private static final int FREE = 0;
    private static final int RETIRED = 1;
    private static final int IN_USE = 2;
    /**
     * Slabs that are allocated before any block is used a second time. A block that rests has left the cache of the
     * receiver that ended its messages, so that the sender who writes it next need not take its lines from there.
     */
    private static final int RESTING_SLABS = 8;

    /** Resting slabs are at most this part of the slabs that the budget has room for. */
    private static final int PARTS_AT_REST = 16;

    private static final int SLAB_SHIFT = Integer.numberOfTrailingZeros(BlockLayout.BLOCKS_PER_SLAB);
    private static final long BLOCK_MASK = 0xFFFF_FFFFL;
    private static final long ONE_TAG = 1L << 32;

    private final Allocator allocator;
    private final OperationGate gate;
    private final DeadlineTree deadlines;
    private final int slabCapacity;
    private final int restingSlabs;
    private final PaddedLongs words = new PaddedLongs(3);
    private final ReentrantLock growing = new ReentrantLock();
    private volatile @Nullable Region[] slabs = new Region[1];
    private volatile int slabCount;

    public BlockPool(Allocator allocator, OperationGate gate, DeadlineTree deadlines, int slabCapacity) {
        this.allocator = allocator;
        this.gate = gate;
        this.deadlines = deadlines;
        this.slabCapacity = slabCapacity;
        this.restingSlabs = Math.min(RESTING_SLABS, slabCapacity / PARTS_AT_REST);
    }

    /** How many slabs fit into a budget, at least one. */
    public static int slabCapacity(long budgetBytes) {
        return (int) Math.max(1, Math.min(budgetBytes / BlockLayout.SLAB, Integer.MAX_VALUE >>> SLAB_SHIFT));
    }

    /** The slab in which a block lies; {@link BlockLayout#base} is its place there. */
    public Region region(int block) {
        return slabs[
                block >>> SLAB_SHIFT]; // hb: block-free (volatile) -- whoever knows the block got it after pushFree
    }

    /**
     * Takes a block, whose header and body hold whatever the last user left.
     *
     * <p>Linearizes at: the successful CAS of FREE. Progress: lock-free while blocks are free or retired; allocating a
     * slab is under a lock. If it stalls: nobody waits, except for a slab being allocated. Ordering: label block-free. Stress:
     * BlockPoolStress.TwoTakers.
     *
     * @return its number, or {@link #NONE}
     */
    public int tryTake() {
        for (; ; ) {
            final long head = words.volatileRead(FREE); // hb: block-free (volatile)
            final int block = (int) (head & BLOCK_MASK) - 1;
            if (block == NONE) {
                if (!refill()) {
                    return NONE;
                }
                continue;
            }
            final long next = region(block).longVolatile(BlockLayout.base(block) + BlockLayout.NEXT_OFFSET);
            if (words.cas(FREE, head, ((head & ~BLOCK_MASK) + ONE_TAG) | next)) {
                words.getAndAdd(IN_USE, 1);
                return block;
            }
        }
    }

    /** Gives back a block that was never linked, so nobody else can know it. */
    public void giveBack(int block) {
        words.getAndAdd(IN_USE, -1);
        pushFree(block);
    }

    private void pushFree(int block) {
        final Region region = region(block);
        long head;
        do {
            head = words.volatileRead(FREE);
            region.longVolatile(BlockLayout.base(block) + BlockLayout.NEXT_OFFSET, head & BLOCK_MASK);
        } while (!words.cas(FREE, head, ((head & ~BLOCK_MASK) + ONE_TAG) | (block + 1L))); // hb: block-free (volatile)
    }

    /**
     * Gives back a block that has just been unlinked; it is taken again when all who might know it have left. Stress:
     * BlockPoolStress.RetireAgainstOperation.
     */
    public void retire(int block) {
        words.getAndAdd(IN_USE, -1);
        region(block).longPlain(BlockLayout.base(block) + BlockLayout.ERA_OFFSET, gate.retire());
        pushRetired(block);
    }

    private void pushRetired(int block) {
        final Region region = region(block);
        long head;
        do {
            head = words.volatileRead(RETIRED);
            region.longPlain(BlockLayout.base(block) + BlockLayout.NEXT_OFFSET, head);
        } while (!words.cas(RETIRED, head, block + 1L)); // hb: block-retired (volatile)
    }

    private boolean refill() {
        return (slabCount < restingSlabs && grow()) || reclaim() || grow();
    }

    /** Moves the retired blocks whose era has passed to the free ones; false if there were none. */
    private boolean reclaim() {
        if (words.volatileRead(RETIRED) == 0) {
            return false;
        }
        int block = (int) words.getAndSet(RETIRED, 0) - 1; // hb: block-retired (volatile)
        final long oldestEra = gate.oldestEra();
        boolean found = false;
        while (block != NONE) {
            final Region region = region(block);
            final int base = BlockLayout.base(block);
            final int next = (int) region.longPlain(base + BlockLayout.NEXT_OFFSET) - 1;
            if (region.longPlain(base + BlockLayout.ERA_OFFSET) < oldestEra) {
                pushFree(block);
                found = true;
            } else {
                pushRetired(block);
            }
            block = next;
        }
        return found;
    }

    private boolean grow() {
        growing.lock();
        try {
            if ((words.volatileRead(FREE) & BLOCK_MASK) != 0) {
                return true;
            }
            final int slab = slabCount;
            final Region region = slab == slabCapacity ? null : allocator.tryAllocate(BlockLayout.SLAB);
            if (region == null) {
                return false;
            }
            deadlines.attach(slab, region);
            if (slab == slabs.length) {
                slabs = Arrays.copyOf(slabs, slab * 2);
            }
            slabs[slab] = region;
            slabCount = slab + 1;
            for (int i = BlockLayout.BLOCKS_PER_SLAB - 1; i >= 0; i--) {
                pushFree((slab << SLAB_SHIFT) | i);
            }
            return true;
        } finally {
            growing.unlock();
        }
    }

    /** Blocks that are neither free nor retired; an estimate while operations run. */
    public long blocksInUse() {
        return words.volatileRead(IN_USE);
    }

    /** The words of the deadline tree for the block's slab and the rest; see {@link DeadlineTree#arm}. */
    public DeadlineTree deadlines() {
        return deadlines;
    }

    /** Gives all memory back. Nobody may be inside the gate, nor come in again. */
    public void release() {
        for (@Nullable Region slab : slabs) {
            if (slab != null) {
                allocator.release(slab);
            }
        }
        Arrays.fill(slabs, null);
    }
}
