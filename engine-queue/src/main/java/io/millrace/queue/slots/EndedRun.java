package io.millrace.queue.slots;

import io.millrace.core.log.RecordLog;
import io.millrace.core.slot.Directory;

/**
 * Messages of one queue that one thread has ended, whose records and slots are counted as free together: one atomic add for
 * each segment and each chunk instead of one for each message. Confined to one thread, used again and again.
 */
public final class EndedRun {
    private final RecordLog log;
    private final Directory directory;
    private int count;
    private int segment;
    private long deadBytes;
    private int block;
    private int slots;

    public EndedRun(RecordLog log, SlotQueue queue) {
        this.log = log;
        this.directory = queue.directory();
    }

    void clear() {
        count = 0;
        deadBytes = 0;
        slots = 0;
    }

    int count() {
        return count;
    }

    /** Adds a message that the caller has ended; its record and its slot stay until {@link #flush}. */
    void add(int newBlock, long position) {
        final int newSegment = RecordLog.segmentOf(position);
        if (newBlock != block) {
            flush();
        } else if (newSegment != segment) {
            flushRecords();
        }
        block = newBlock;
        segment = newSegment;
        count++;
        slots++;
        deadBytes += log.bytes(position);
    }

    /** Frees what was added: records before slots. */
    void flush() {
        flushRecords();
        if (slots > 0) {
            directory.countEnded(block, slots);
            slots = 0;
        }
    }

    private void flushRecords() {
        if (deadBytes > 0) {
            log.release(segment, deadBytes);
            deadBytes = 0;
        }
    }
}
