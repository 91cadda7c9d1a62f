package io.millrace.core.slot;

/**
 * The header of a block, which both of its forms share, 192 bytes, aligned to 64, native order. What senders read for every
 * message, what returns mark and what ends count stand on lines of their own.
 *
 * <pre>
 *  offset  length  field            access
 *  ------  ------  ---------------  -----------------------------------------------------------------
 *       0       8  NEXT             link in the free or retired list; owner of the block
 *       8       8  ERA              era of retirement; written before the block is pushed
 *      16       8  GENERATION       reuse count; plain, written by whoever took the block
 *      24       8  OWNER            number of the queue; plain, before the block is linked
 *      32       8  FIRST_SEQUENCE   of a chunk: sequence of slot 0, else -1; plain, before it is linked
 *      40       8  LINKED           first sequence + 1 while a chunk is linked, 0 before, -1 after; CAS, volatile
 *      48      16  (padding)        keeps the marks on a line of their own
 *      64      64  RETURNED         chunk: one word, bit per slot; page: 512 bits, bit per entry; atomic
 *     128       8  GONE             slots that have ended, or entries that have gone; atomic add
 *     136      56  (padding)        keeps the slots on lines of their own
 * </pre>
 *
 * <p>Behind the header follow {@value #BODY} bytes: 64 slots of a chunk ({@link SlotLayout}), or 512 entries of 8 bytes
 * of a directory page: 0 never used, -1 gone, otherwise the child's block number plus one.
 */
public final class BlockLayout {
    public static final int NEXT_OFFSET = 0;
    public static final int ERA_OFFSET = NEXT_OFFSET + 8;
    public static final int GENERATION_OFFSET = ERA_OFFSET + 8;
    public static final int OWNER_OFFSET = GENERATION_OFFSET + 8;
    public static final int FIRST_SEQUENCE_OFFSET = OWNER_OFFSET + 8;
    public static final int LINKED_OFFSET = FIRST_SEQUENCE_OFFSET + 8;
    public static final int RETURNED_OFFSET = 64;
    public static final int GONE_OFFSET = 128;
    public static final int HEADER = 192;

    /** Bytes behind the header. */
    public static final int BODY = 4096;

    /** Bytes of a whole block. */
    public static final int SIZE = HEADER + BODY;

    /** Blocks that are allocated together. */
    public static final int BLOCKS_PER_SLAB = 64;

    /** Slots of a chunk. */
    public static final int SLOTS = 64;

    /** Entries of a directory page. */
    public static final int ENTRIES = BODY / Long.BYTES;

    private BlockLayout() {}

    /** Index in the slab of a block's first byte. */
    public static int base(int block) {
        return SLAB_HEADER + (block & (BLOCKS_PER_SLAB - 1)) * SIZE;
    }

    /** Bytes before the first block of a slab: its words of the deadline tree. */
    static final int SLAB_HEADER = 512;

    /** Bytes of a slab. */
    static final int SLAB = SLAB_HEADER + BLOCKS_PER_SLAB * SIZE;
}
