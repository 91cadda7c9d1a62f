package io.millrace.bench.micro;

import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import io.millrace.core.memory.Region;
import io.millrace.core.slot.BlockPool;
import io.millrace.core.time.DeadlineTree;

/** What most structures need: an allocator, a gate and a pool of blocks, as an engine of {@value #BYTES} bytes has them. */
final class Memory {
    private static final long BYTES = 256L << 20;

    final Allocator allocator = new Allocator(new MemoryBudget(BYTES));
    final OperationGate gate = new OperationGate();
    final BlockPool pool;

    Memory() {
        int slabs = BlockPool.slabCapacity(BYTES);
        pool = new BlockPool(allocator, gate, new DeadlineTree(slabs), slabs);
    }

    Region region(int length) {
        Region region = allocator.tryAllocate(length);
        if (region == null) {
            throw new IllegalStateException("no memory for a benchmark: bytes=" + length);
        }
        return region;
    }
}
