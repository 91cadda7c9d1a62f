package io.millrace.queue.stored;

import io.millrace.core.codec.RecordProperties;
import io.millrace.core.directory.FileNames;
import io.millrace.core.log.Fate;
import io.millrace.core.log.LogDamage;
import io.millrace.core.log.RecordLog;
import io.millrace.core.log.RecoveredRecord;
import io.millrace.core.log.StoredLog;
import io.millrace.queue.state.QueueState;
import io.millrace.queue.state.QueueStateCodec;
import io.millrace.queue.stored.StoredQueue.Messages;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the queues of a directory out of the records of its log, which come in any order, by the rules of a restart: of two
 * records of one message the higher copy counts, and what has ended anywhere has ended. Confined to one thread.
 *
 * <p>Keeps some forty bytes on the heap for each living message.
 */
public final class StoredQueues implements StoredLog.Visitor {
    // What is kept of a living message: copy number (16 bits) | state (2) | bytes (32).
    private static final int BYTES_BITS = 32;
    private static final int COPY_SHIFT = BYTES_BITS + 2;
    private static final long BYTES_MASK = (1L << BYTES_BITS) - 1;
    private static final long VISIBLE = 0;
    private static final long DELAYED = 1L << BYTES_BITS;
    private static final long IN_FLIGHT = 2L << BYTES_BITS;
    private static final long STATE_MASK = 3L << BYTES_BITS;
    private static final long NONE = -1;

    /** What is known so far of one queue. */
    private static final class Found {
        private final Long2LongHashMap living = new Long2LongHashMap(NONE);
        private final Told state = new Told();
        private final Told former = new Told();
        private boolean deleted;
        private long seenSequence = -1;

        /** Of some message that was alive when it was shown. */
        private long position;

        private int bytes;
    }

    /** The latest of several states. */
    private static final class Told {
        private @Nullable QueueState state;
        private long version;
        private short copyNumber;

        void tell(RecoveredRecord record, QueueState told) {
            final boolean newer = state == null
                    || record.sequence() > version
                    || (record.sequence() == version && (short) (record.copyNumber() - copyNumber) > 0);
            if (newer) {
                state = told;
                version = record.sequence();
                copyNumber = record.copyNumber();
            }
        }
    }

    private final long nowMs;
    private final Map<Long, Found> found = new TreeMap<>();

    /** Queue and sequence of messages that have ended or live elsewhere, whatever other records say of them. */
    private final LongArrayList ended = new LongArrayList();

    /** @param nowMs engine time by which messages are hidden or not */
    public StoredQueues(long nowMs) {
        this.nowMs = nowMs;
    }

    private Found queue(long number) {
        return found.computeIfAbsent(number, n -> new Found());
    }

    @Override
    public void onRecord(RecoveredRecord record) {
        if (record.isMessage()) {
            onMessage(record);
        } else {
            onState(record);
        }
    }

    private void onState(RecoveredRecord record) {
        if (record.isPurged()) {
            queue(record.queue()).deleted = true;
        } else if (record.isAlive()) {
            final QueueState state = QueueStateCodec.decode(record.payload());
            queue(record.queue()).state.tell(record, state);
        } else if (record.endedBy() == Fate.End.REPLACED) {
            final QueueState state = QueueStateCodec.decode(record.payload());
            queue(record.queue()).former.tell(record, state);
        }
    }

    private void onMessage(RecoveredRecord record) {
        if (record.isAlive() || record.hasOrigin()) {
            final RecordProperties properties = RecordProperties.decode(record.properties());
            if (record.isAlive()) {
                properties.decodedAttributes();
            }
            properties.origin().ifPresent(origin -> addEnded(origin.queue(), origin.sequence()));
        }
        final Found queue = queue(record.queue());
        queue.seenSequence = Math.max(queue.seenSequence, record.sequence());
        if (record.isAlive()) {
            put(queue.living, record);
            queue.position = record.position();
            queue.bytes = record.alignedLength();
        } else if (record.isEnd() && record.copyNumber() != 0) {
            addEnded(record.queue(), record.sequence());
        }
    }

    private void addEnded(long queue, long sequence) {
        ended.addLong(queue);
        ended.addLong(sequence);
    }

    private void put(Long2LongHashMap living, RecoveredRecord record) {
        final long before = living.get(record.sequence());
        final short copyNumber = record.copyNumber();
        if (before == NONE || (short) (copyNumber - (short) (before >>> COPY_SHIFT)) > 0) {
            final long copyBits = (copyNumber & 0xFFFFL) << COPY_SHIFT;
            living.put(record.sequence(), copyBits | stateOf(record) | record.alignedLength());
        }
    }

    private long stateOf(RecoveredRecord record) {
        if (record.hiddenUntilMs(nowMs) <= nowMs) {
            return VISIBLE;
        }
        return record.receives() == 0 ? DELAYED : IN_FLIGHT;
    }

    // ---- what was found -------------------------------------------------------------------------------------------

    @Override
    public List<LogDamage> orphans() {
        settle();
        return found.values().stream()
                .filter(queue -> queue.state.state == null && !queue.deleted && !queue.living.isEmpty())
                .map(StoredQueues::orphan)
                .toList();
    }

    private static LogDamage orphan(Found queue) {
        final int offset = RecordLog.offsetOf(queue.position);
        return new LogDamage(
                FileNames.ofSegment(RecordLog.segmentOf(queue.position)),
                offset,
                (long) offset + queue.bytes,
                "message of a queue of which nothing else is there");
    }

    /** Ends what other records say has ended. */
    private void settle() {
        for (int i = 0; i < ended.size(); i += 2) {
            final Found queue = found.get(ended.getLong(i));
            if (queue != null) {
                queue.living.remove(ended.getLong(i + 1));
            }
        }
        ended.clear();
    }

    /** The queues by number, those too of which only messages are left. Called when every record was shown. */
    public List<StoredQueue> queues() {
        settle();
        final Map<String, Long> latest = new HashMap<>();
        found.forEach((number, queue) -> {
            if (queue.state.state != null) {
                latest.put(queue.state.state.name(), number); // in order of number
            }
        });
        final List<StoredQueue> queues = new ArrayList<>();
        found.forEach((number, queue) -> {
            final QueueState state = queue.state.state;
            queues.add(stored(number, queue, state != null && !number.equals(latest.get(state.name()))));
        });
        return queues;
    }

    private static StoredQueue stored(long number, Found queue, boolean isReplaced) {
        final long[] counts = new long[3];
        long liveBytes = 0;
        long first = Long.MAX_VALUE;
        long last = -1;
        for (Long2LongHashMap.EntryIterator entry = queue.living.entrySet().iterator(); entry.hasNext(); ) {
            entry.next();
            final long kept = entry.getLongValue();
            counts[(int) ((kept & STATE_MASK) >>> BYTES_BITS)]++;
            liveBytes += kept & BYTES_MASK;
            first = Math.min(first, entry.getLongKey());
            last = Math.max(last, entry.getLongKey());
        }
        return new StoredQueue(
                number,
                Optional.ofNullable(queue.state.state),
                Optional.ofNullable(queue.former.state),
                queue.deleted,
                isReplaced,
                new Messages(counts[0], counts[1], counts[2]),
                liveBytes,
                last < 0 ? -1 : first,
                last,
                queue.seenSequence);
    }
}
