package io.millrace.core.slot;

import io.millrace.core.memory.Region;

/**
 * Builds a {@link Directory} anew out of the slots of an earlier run, which come in any order. Confined to one thread, which
 * alone knows the directory until {@link #finish}.
 *
 * <p>Slots that nobody asks for have ended.
 */
public final class DirectoryRestore {
    private final Directory directory;
    private final BlockPool pool;
    private int root = Directory.NONE;
    private int height;
    private int lastBlock = Directory.NONE;
    private long lastChunk = -1;

    public DirectoryRestore(Directory directory) {
        this.directory = directory;
        this.pool = directory.pool();
    }

    /** The chunk that holds a sequence's slot, made if there is none, or {@link Directory#NONE} if there is no memory for it. */
    public int ensure(long sequence) {
        final long chunk = Directory.chunkOf(sequence);
        if (chunk != lastChunk) {
            lastBlock = insert(chunk);
            lastChunk = lastBlock == Directory.NONE ? -1 : chunk;
        }
        return lastBlock;
    }

    /** The chunk that holds a sequence's slot, or {@link Directory#NONE}. */
    public int find(long sequence) {
        final long chunk = Directory.chunkOf(sequence);
        if (chunk == lastChunk) {
            return lastBlock;
        }
        if (root == Directory.NONE || (height > 0 && !Directory.covers(height, chunk))) {
            return Directory.NONE;
        }
        int block = root;
        for (int level = height; level > 0; level--) {
            block = child(block, Directory.place(level, chunk));
            if (block == Directory.NONE) {
                return Directory.NONE;
            }
        }
        return directory.firstChunk(block) == chunk ? block : Directory.NONE;
    }

    /** Says that a slot of a chunk lives after all. */
    public void revive(int block) {
        countGone(block, -1);
    }

    /** Says that a slot that was revived has ended. */
    public void bury(int block) {
        countGone(block, 1);
    }

    private void countGone(int block, int delta) {
        final Region region = pool.region(block);
        final int index = BlockLayout.base(block) + BlockLayout.GONE_OFFSET;
        region.longPlain(index, region.longPlain(index) + delta);
    }

    private boolean isGone(int block) {
        return pool.region(block).longPlain(BlockLayout.base(block) + BlockLayout.GONE_OFFSET) == BlockLayout.SLOTS;
    }

    private int child(int page, int place) {
        return (int) pool.region(page).longPlain(Directory.entryIndex(page, place)) - 1;
    }

    private void child(int page, int place, int block) {
        pool.region(page).longPlain(Directory.entryIndex(page, place), block + 1L);
    }

    // ---- build ----------------------------------------------------------------------------------------------------

    private int insert(long chunk) {
        if (root == Directory.NONE) {
            root = newChunk(chunk);
            return root;
        }
        if (height == 0 && directory.firstChunk(root) == chunk) {
            return root;
        }
        while (height == 0 || !Directory.covers(height, chunk)) {
            if (!addLevel()) {
                return Directory.NONE;
            }
        }
        int block = root;
        for (int level = height; level > 0 && block != Directory.NONE; level--) {
            block = ensureChild(block, level, chunk);
        }
        return block;
    }

    private int ensureChild(int page, int level, long chunk) {
        final int place = Directory.place(level, chunk);
        int block = child(page, place);
        if (block == Directory.NONE) {
            block = level == 1 ? newChunk(chunk) : directory.newPage();
            child(page, place, block);
        }
        return block;
    }

    /** Puts a page above the root; pages cover everything from chunk 0 on. */
    private boolean addLevel() {
        final int page = directory.newPage();
        if (page == Directory.NONE) {
            return false;
        }
        if (height > 0) {
            child(page, 0, root);
        } else if (Directory.covers(1, directory.firstChunk(root))) {
            child(page, Directory.place(1, directory.firstChunk(root)), root);
        } else {
            return raiseAlone(page);
        }
        root = page;
        height++;
        return true;
    }

    /** The only chunk is too far from 0 for one page: pages down to it are made at once. */
    private boolean raiseAlone(int page) {
        final int only = root;
        final long chunk = directory.firstChunk(only);
        root = page;
        height = 1;
        while (!Directory.covers(height, chunk)) {
            if (!addLevel()) {
                return false;
            }
        }
        int block = root;
        for (int level = height; level > 1; level--) {
            block = ensureChild(block, level, chunk);
            if (block == Directory.NONE) {
                return false;
            }
        }
        child(block, Directory.place(1, chunk), only);
        return true;
    }

    private int newChunk(long chunk) {
        final int block = directory.newChunk(chunk);
        if (block != Directory.NONE) {
            final Region region = pool.region(block);
            final int base = BlockLayout.base(block);
            for (int i = 0; i < BlockLayout.SLOTS; i++) {
                final int control = SlotLayout.slot(base, i) + SlotLayout.CONTROL_OFFSET;
                region.longPlain(control, ControlWord.end(region.longPlain(control)));
            }
            region.longPlain(base + BlockLayout.GONE_OFFSET, BlockLayout.SLOTS);
        }
        return block;
    }

    // ---- finish ---------------------------------------------------------------------------------------------------

    /**
     * Gives the directory what was built.
     *
     * @param endSequence the sequence that will be taken next, a multiple of 64: what lies before and was not asked for has
     *     gone for good
     * @return false if there is no memory for the pages that say so
     */
    public boolean finish(long endSequence) {
        final long endChunk = Directory.chunkOf(endSequence);
        if (height == 0) {
            finishChunk(endChunk);
            return true;
        }
        while (!Directory.covers(height, endChunk)) {
            if (!addLevel()) {
                return false;
            }
        }
        if (!finishPage(root, height, 0, endChunk)) {
            return false;
        }
        directory.restored(Directory.rootOf(height, root));
        return true;
    }

    private void finishChunk(long endChunk) {
        if (root != Directory.NONE && !isGone(root)) {
            directory.restored(Directory.rootOf(0, root));
            directory.nameLinked(root);
            return;
        }
        if (root != Directory.NONE) {
            pool.giveBack(root);
        }
        directory.restored(Directory.emptyFrom(endChunk));
    }

    private boolean finishPage(int page, int level, long firstChunk, long endChunk) {
        final long span = Directory.span(level - 1);
        int gone = 0;
        for (int place = 0; place < BlockLayout.ENTRIES; place++) {
            final long from = firstChunk + place * span;
            if (from >= endChunk) {
                break;
            }
            if (level == 1) {
                gone += finishEntry(page, place) ? 0 : 1;
            } else if (child(page, place) == Directory.NONE && from + span <= endChunk) {
                sayGone(page, place);
                gone++;
            } else {
                final int below = ensureChild(page, level, from);
                if (below == Directory.NONE || !finishPage(below, level - 1, from, endChunk)) {
                    return false;
                }
            }
        }
        pool.region(page).longPlain(BlockLayout.base(page) + BlockLayout.GONE_OFFSET, gone);
        return true;
    }

    /** Whether a chunk that lives is there. */
    private boolean finishEntry(int page, int place) {
        final int block = child(page, place);
        if (block != Directory.NONE && !isGone(block)) {
            directory.nameLinked(block);
            return true;
        }
        if (block != Directory.NONE) {
            pool.giveBack(block);
        }
        sayGone(page, place);
        return false;
    }

    private void sayGone(int page, int place) {
        pool.region(page).longPlain(Directory.entryIndex(page, place), Directory.GONE);
    }
}
