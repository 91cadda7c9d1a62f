package io.millrace.queue;

import io.millrace.api.InFlightAtRestart;
import io.millrace.core.EngineCore;
import io.millrace.core.codec.RecordProperties;
import io.millrace.core.log.Fate;
import io.millrace.core.log.Fates;
import io.millrace.core.log.LogRecovery;
import io.millrace.core.log.RecordLog;
import io.millrace.core.log.RecoveredRecord;
import io.millrace.core.slot.BlockLayout;
import io.millrace.core.slot.Directory;
import io.millrace.queue.slots.SlotRestore;
import io.millrace.queue.state.QueueLedger;
import io.millrace.queue.state.QueueState;
import io.millrace.queue.state.QueueStateCodec;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes the queues of an earlier run anew out of the records of the log, which come in any order. Confined to the opening
 * thread.
 */
public final class QueueRecovery implements LogRecovery.Visitor {
    /** What is known so far of one queue. */
    private static final class Found {
        private final Directory directory;
        private final SlotRestore slots;
        private @Nullable QueueState state;
        private long version;
        private long position;

        /** Of some message that was alive when it was shown. */
        private long message = RecordLog.NO_ROOM;

        Found(Directory directory, SlotRestore slots) {
            this.directory = directory;
            this.slots = slots;
        }
    }

    /** More than will ever be sent, and far from where numbers wrap. */
    private static final long MAX_SEQUENCE = 1L << 60;

    private final EngineCore core;
    private final QueueRegistry registry;
    private final RecordLog log;
    private final Fates fates;
    private final boolean releaseFlights;
    private final Map<Long, Found> found = new TreeMap<>();

    /** Queue and sequence of messages that have ended or live elsewhere, whatever other records say of them. */
    private final LongArrayList ended = new LongArrayList();

    /** Numbers of queues that were deleted, so that messages may be found which are nobody's. */
    private final LongHashSet deleted = new LongHashSet();

    /** States of queues that have a later one. */
    private final LongArrayList replaced = new LongArrayList();

    private long lastNumber = -1;
    private @Nullable Found last;

    public QueueRecovery(EngineCore core, QueueRegistry registry, InFlightAtRestart inFlight) {
        this.core = core;
        this.registry = registry;
        this.log = core.log();
        this.fates = Objects.requireNonNull(log.fates(), "log is in memory");
        this.releaseFlights = inFlight == InFlightAtRestart.RELEASE;
    }

    private Found queue(long number) {
        Found queue = number == lastNumber ? last : found.get(number);
        if (queue == null) {
            final Directory directory = new Directory(core.pool(), number);
            queue = new Found(directory, new SlotRestore(core, directory, releaseFlights));
            found.put(number, queue);
        }
        lastNumber = number;
        last = queue;
        return queue;
    }

    @Override
    public void onRecord(RecoveredRecord record) {
        if (!record.isMessage()) {
            onState(record);
            return;
        }
        if (record.queue() <= 0 || record.sequence() < 0 || record.sequence() > MAX_SEQUENCE) {
            throw new IllegalArgumentException(
                    "no message has such a place: queue=" + record.queue() + " sequence=" + record.sequence());
        }
        if (record.isAlive()) {
            final Found queue = queue(record.queue());
            requireRoom(queue.slots.put(record));
            queue.message = record.position();
        } else if (record.isEnd() && record.copyNumber() != 0) {
            ended.addLong(record.queue());
            ended.addLong(record.sequence());
        }
        if (record.hasOrigin()) {
            RecordProperties.decode(record.properties()).origin().ifPresent(origin -> {
                ended.addLong(origin.queue());
                ended.addLong(origin.sequence());
            });
        }
    }

    private void requireRoom(boolean room) {
        if (!room) {
            throw new IllegalStateException(
                    "offHeapLimit is too small for the messages of this directory: offHeapLimit=" + core.offHeapLimit()
                            + "; open it with a higher one");
        }
    }

    private void onState(RecoveredRecord record) {
        if (!record.isAlive()) {
            if (record.isPurged()) {
                deleted.add(record.queue());
            }
            return;
        }
        final Found queue = queue(record.queue());
        final boolean newer = queue.state == null
                || record.sequence() > queue.version
                || (record.sequence() == queue.version
                        && (short) (record.copyNumber() - fates.copyNumber(queue.position)) > 0);
        if (newer) {
            final QueueState state = QueueStateCodec.decode(record.payload());
            if (queue.state != null) {
                replace(queue.position);
            }
            queue.state = state;
            queue.version = record.sequence();
            queue.position = record.position();
        } else {
            replace(record.position());
        }
    }

    /** Noted now, ended when all that was found is on the disk, as messages are. */
    private void replace(long position) {
        replaced.addLong(position);
    }

    private void end(long position, Fate.End how) {
        fates.end(position, how);
        log.release(position);
    }

    @Override
    public long orphan() {
        settle();
        return found.entrySet().stream()
                .filter(entry -> entry.getValue().state == null
                        && entry.getValue().slots.living() > 0
                        && !deleted.contains(entry.getKey()))
                .mapToLong(entry -> entry.getValue().message)
                .findFirst()
                .orElse(RecordLog.NO_ROOM);
    }

    /** Ends what other records say has ended. */
    private void settle() {
        for (int i = 0; i < ended.size(); i += 2) {
            final Found queue = found.get(ended.getLong(i));
            if (queue != null) {
                queue.slots.end(ended.getLong(i + 1));
            }
        }
        ended.clear();
    }

    /** Hands the queues over to the registry. What belongs to none ends. */
    public void finish() {
        settle();
        final Map<String, Long> latest = new HashMap<>();
        found.forEach((number, queue) -> {
            if (queue.state != null && !deleted.contains(number)) {
                latest.put(queue.state.name(), number); // in order of number
            }
        });
        found.forEach((number, queue) -> finish(number, queue, latest));
        for (int i = 0; i < replaced.size(); i++) {
            end(replaced.getLong(i), Fate.End.REPLACED);
        }
    }

    private void finish(long number, Found queue, Map<String, Long> latest) {
        final QueueState state = queue.state;
        if (state == null) {
            requireRoom(queue.slots.drop());
            return;
        }
        final boolean isReplaced = latest.getOrDefault(state.name(), number) != number;
        if (deleted.contains(number)
                || isReplaced) { // deleted before that reached the disk for this record of its state
            requireRoom(queue.slots.drop());
            end(queue.position, Fate.End.PURGED); // last: whoever is interrupted here finds messages with their queue
            return;
        }
        final QueueLedger ledger = new QueueLedger(core, number, state, queue.version, queue.position);
        final HeapQueue restored = new HeapQueue(core, registry, number, ledger, queue.directory);
        final long behind = (queue.slots.endSequence() + BlockLayout.SLOTS - 1) & -BlockLayout.SLOTS;
        requireRoom(queue.slots.finish(restored.slots(), Math.max(state.ceiling(), behind)));
        registry.restore(restored);
    }
}
