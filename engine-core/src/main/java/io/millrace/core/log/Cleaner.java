package io.millrace.core.log;

import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.memory.Region;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes room by moving what lives out of segments that are mostly dead. Thread-safe; called inside the gate but for {@link
 * #runNow}.
 *
 * <p>A log may hold twice its living bytes and four full segments more; beyond that (in files beyond two, since one is kept in reserve and
 * one ready) the sparsest segment is cleaned, one at a time, until it holds no more than that. When a claim has found no memory, a segment is cleaned of which an eighth is
 * dead. The idea is that of M. Rosenblum and J. Ousterhout, The design and implementation of a log-structured file
 * system, 1992.
 */
// Invariants
// 1. A record is moved only by its owner, who makes sure that it lives and that nobody else ends or claims it
//    meanwhile.
// 2. What is moved goes into segments that the cleaner alone claims in, so old records do not mix with new ones.
// 3. The budget keeps one full segment for the cleaner, and nobody else uses a segment again before that is back.
//    What cleaned segments give back is never less than what was moved out of them, so there is always a target for
//    the next one, if a smaller one.
// 4. A record that is claimed and not committed stays; its segment is visited again in the next round.
public final class Cleaner {
    /** Whoever the records of the log belong to. */
    @FunctionalInterface
    public interface Owners {
        /**
         * Moves the record at {@code position} with {@code cleaner} if it lives.
         *
         * @param type {@link RecordLayout#MESSAGE} or {@link RecordLayout#STATE}
         * @param queue what the record names as its queue
         * @param sequence what it names as its sequence
         */
        void relocate(int type, long queue, long sequence, long position, Cleaner cleaner);
    }

    private static final long PAUSE_MS = 1_000;

    private final RecordLog log;
    private final Owners owners;
    private final ReentrantLock cleaning = new ReentrantLock();
    private final @Nullable Fates fates;
    private final RecordChecksum checksum; // guarded by cleaning

    // Guarded by cleaning.
    private @Nullable Segment target;
    private long round = 1;
    private boolean outOfRoom;
    private volatile long nextLookMs = Long.MIN_VALUE;

    public Cleaner(RecordLog log, Owners owners) {
        this.log = log;
        this.owners = owners;
        this.fates = log.fates();
        this.checksum = new RecordChecksum(log);
    }

    /**
     * Cleans one segment if there is one to clean. Looks for one at most once a second, at once when memory is short.
     *
     * @return whether there may be another; false while another thread is cleaning
     */
    public boolean run(long nowMs) {
        if ((nowMs < nextLookMs && !log.isShortOfMemory()) || !cleaning.tryLock()) {
            return false;
        }
        try {
            return cleanOne(nowMs);
        } finally {
            cleaning.unlock();
        }
    }

    /**
     * The same for somebody who has found no memory: waits while another thread is cleaning, outside the gate, so that what
     * that one empties can be used again; then enters it.
     */
    public boolean runNow(OperationGate gate, long nowMs) {
        cleaning.lock();
        try {
            final int word = gate.enter();
            if (word == OperationGate.CLOSED) {
                return false;
            }
            try {
                return cleanOne(nowMs);
            } finally {
                gate.exit(word);
            }
        } finally {
            cleaning.unlock();
        }
    }

    private boolean cleanOne(long nowMs) {
        final Segment sparsest = outOfRoom ? null : log.sparsest(round);
        if (sparsest == null) {
            if (!outOfRoom) {
                log.clearShortage();
            }
            outOfRoom = false;
            round++;
            nextLookMs = nowMs + PAUSE_MS;
            return false;
        }
        sparsest.cleanedInRound = round;
        moveLiving(sparsest);
        return true;
    }

    private void moveLiving(Segment segment) {
        final Region region = segment.region();
        int offset = Segment.FIRST_RECORD;
        while (offset < segment.capacity() && !outOfRoom) {
            final long word = region.longAcquire(offset + RecordLayout.COMMIT_OFFSET); // hb: record-commit (acquire)
            if (!segment.isCommitWord(offset, word)) {
                return; // claimed just now, and its header not yet written: how long it is nobody knows
            }
            final int length = (int) word;
            final int type = length >= RecordLayout.MEMORY_SIZE
                    ? region.bytePlain(offset + RecordLayout.TYPE_OFFSET)
                    : RecordLayout.PADDING;
            if (type == RecordLayout.MESSAGE || type == RecordLayout.STATE) {
                owners.relocate(
                        type,
                        region.longPlain(offset + RecordLayout.QUEUE_OFFSET),
                        region.longPlain(offset + RecordLayout.SEQUENCE_OFFSET),
                        RecordLog.position(segment.index(), offset),
                        this);
            }
            offset += RecordLayout.aligned(Math.abs(length));
        }
    }

    /**
     * Copies a record that the caller keeps alive meanwhile. The caller lets the copy take its place, notes in a durable log
     * that the record was moved, and then releases it.
     *
     * @param receives receives so far, as the owner knows them: who counted the last may not have noted it yet
     * @param hiddenUntilMs engine time until which the message is hidden, or 0
     * @return the position of the copy, or {@link RecordLog#NO_ROOM} if it stays where it is
     */
    public long copy(long position, int receives, long hiddenUntilMs) {
        final Region source = log.region(position);
        final int at = RecordLog.offsetOf(position);
        final int length = (int) source.longPlain(at + RecordLayout.COMMIT_OFFSET);
        if (fates != null && !checksum.isRight(position, length)) {
            return RecordLog.NO_ROOM; // a right checksum over damaged bytes would hide the damage
        }
        final long copy = claim(length);
        if (copy == RecordLog.NO_ROOM) {
            outOfRoom = true;
            return copy;
        }
        source.copyTo(
                at + RecordLayout.CRC_OFFSET,
                log.region(copy),
                RecordLog.offsetOf(copy) + RecordLayout.CRC_OFFSET,
                length - RecordLayout.CRC_OFFSET);
        if (fates != null) {
            fates.beginCopy(position, copy, receives, hiddenUntilMs);
            checksum.write(copy, length);
        }
        log.commit(copy, length);
        return copy;
    }

    private long claim(int length) {
        final int aligned = RecordLayout.aligned(length);
        Segment into = target;
        if (into == null || into.tailOpaque() + aligned > into.capacity()) {
            into = log.nextTarget(aligned);
            if (into == null) {
                return RecordLog.NO_ROOM;
            }
            if (target != null) {
                final int end = (int) target.getAndAddTail(target.capacity() - target.tailOpaque());
                log.seal(target, end);
            }
            into.cleanedInRound = round; // else a round might never end
            target = into;
        }
        final int offset = (int) into.getAndAddTail(aligned);
        final long position = RecordLog.claimed(into, offset, length);
        if (offset + aligned == into.capacity()) {
            log.countSealed(into, offset + aligned);
            target = null;
        }
        return position;
    }
}
