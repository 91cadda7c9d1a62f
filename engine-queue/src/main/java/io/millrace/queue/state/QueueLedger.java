package io.millrace.queue.state;

import io.millrace.core.EngineCore;
import io.millrace.core.log.Cleaner;
import io.millrace.core.log.Fate;
import io.millrace.core.log.Fates;
import io.millrace.core.log.RecordLog;
import io.millrace.core.log.StateRecords;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Keeps the state of one queue: a change is a new record, after which the old one ends. Thread-safe; called inside the gate.
 * In a log in memory nothing is written.
 */
// Invariant: the record at `position` lives and holds `state`; of two living records of a queue the higher version
// counts.
public final class QueueLedger {
    private final EngineCore core;
    private final RecordLog log;
    private final long queue;
    private final ReentrantLock changing = new ReentrantLock();

    // Guarded by changing.
    private QueueState state;
    private boolean gone;
    private long position = RecordLog.NO_ROOM;
    private long deleted = RecordLog.NO_ROOM;
    private long version;

    /** The ledger of a new queue; nothing is written before {@link #change}. */
    public QueueLedger(EngineCore core, long queue, QueueState state) {
        this.core = core;
        this.log = core.log();
        this.queue = queue;
        this.state = state;
    }

    /** The ledger of a queue whose state was found in a record of the log. */
    public QueueLedger(EngineCore core, long queue, QueueState state, long version, long position) {
        this(core, queue, state);
        this.version = version;
        this.position = position;
    }

    /** The state as it was changed last. */
    public QueueState state() {
        changing.lock();
        try {
            return state;
        } finally {
            changing.unlock();
        }
    }

    /**
     * Changes the state; once this has returned, the change is in the log.
     *
     * @return false if there is no room for it, and nothing has changed
     */
    public boolean change(UnaryOperator<QueueState> change) {
        changing.lock();
        try {
            final QueueState next = change.apply(state);
            final Fates fates = log.fates();
            final boolean written = gone || (position != RecordLog.NO_ROOM && next.equals(state));
            if (fates != null && !written && !write(fates, next)) {
                return false;
            }
            state = next;
            return true;
        } finally {
            changing.unlock();
        }
    }

    private boolean write(Fates fates, QueueState next) {
        final long written = StateRecords.append(log, fates, queue, version + 1, QueueStateCodec.encode(next));
        if (written == RecordLog.NO_ROOM) {
            return false;
        }
        end(fates);
        position = written;
        version++;
        return true;
    }

    /** Ends the record that another has taken the place of, when that one is as durable as the engine promises. */
    private void end(Fates fates) {
        final long old = position;
        position = RecordLog.NO_ROOM;
        if (old == RecordLog.NO_ROOM) {
            return;
        }
        core.afterForce(() -> {
            fates.end(old, Fate.End.REPLACED);
            log.release(old);
        });
    }

    /** Moves the record if it still is the one at {@code from}. */
    public void relocate(long from, Cleaner cleaner) {
        changing.lock();
        try {
            final Fates fates = log.fates();
            if (fates != null && position == from) {
                final long copy = cleaner.copy(from, 0, 0);
                if (copy != RecordLog.NO_ROOM) {
                    end(fates);
                    position = copy;
                }
            }
        } finally {
            changing.unlock();
        }
    }

    /** Notes that the queue is gone: its messages are nobody's from now on. */
    public void delete() {
        changing.lock();
        try {
            final Fates fates = log.fates();
            if (fates != null && position != RecordLog.NO_ROOM) {
                gone = true; // whoever changes the state later would bring the queue back
                fates.end(position, Fate.End.PURGED);
                deleted = position;
                position = RecordLog.NO_ROOM;
            }
        } finally {
            changing.unlock();
        }
    }

    /** Gives up the record of a deleted queue when none of its messages is left: until then it says whose they are not. */
    public void release() {
        changing.lock();
        try {
            if (deleted != RecordLog.NO_ROOM) {
                log.release(deleted);
                deleted = RecordLog.NO_ROOM;
            }
        } finally {
            changing.unlock();
        }
    }
}
