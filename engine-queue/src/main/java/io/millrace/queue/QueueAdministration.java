package io.millrace.queue;

import io.millrace.api.EngineClosedException;
import io.millrace.api.check.Arguments;
import io.millrace.api.queue.MessageState;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.QueueAdmin;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.QueueStats;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.queue.RedriveTask;
import io.millrace.core.EngineCore;
import io.millrace.core.codec.RecordProperties;
import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.RecordLog;
import io.millrace.core.memory.Region;
import io.millrace.core.slot.ControlWord;
import io.millrace.queue.slots.QueueSettings;
import io.millrace.queue.slots.SlotQueue;
import io.millrace.queue.state.QueueState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What one administers on a queue. Thread-safe; changes wait for each other. */
final class QueueAdministration implements QueueAdmin {
    private static final int MAX_PEEKED = 1_000_000;
    private static final int MAX_TAGS = 50;
    private static final int MAX_TAG_KEY_CHARS = 128;
    private static final int MAX_TAG_VALUE_CHARS = 256;

    private final HeapQueue queue;
    private final EngineCore core;
    private final QueueRegistry registry;
    private final SlotQueue slots;
    private final Redrives redrives;

    QueueAdministration(HeapQueue queue, EngineCore core, QueueRegistry registry) {
        this.queue = queue;
        this.core = core;
        this.registry = registry;
        this.slots = queue.slots();
        this.redrives = new Redrives(queue, core, registry);
    }

    /** Goes on with what an earlier run of the engine had not finished. */
    void restore() {
        redrives.restore(queue.ledger().state());
    }

    private <T> T inside(Supplier<T> operation) {
        try {
            return within(operation);
        } finally {
            core.conductor().runDeferred();
        }
    }

    /** The same for a caller that holds a lock: what has to be done outside of locks is left to him. */
    private <T> T within(Supplier<T> operation) {
        int word = core.enter();
        try {
            requireQueue();
            return operation.get();
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            core.exit(word);
        }
    }

    private void requireQueue() {
        if (slots.isClosed()) {
            throw new EngineClosedException("queue", queue.name());
        }
    }

    private <T> T changing(Supplier<T> change) {
        return registry.changing(() -> within(change));
    }

    // ---- configuration and tags -----------------------------------------------------------------------------------

    @Override
    public QueueConfig config() {
        return inside(() -> slots.settings().config());
    }

    @Override
    public QueueConfig update(UnaryOperator<QueueConfig> change) {
        Arguments.notNull("change", change);
        QueueConfig updated = registry.changing(() -> {
            registry.requireOpen();
            requireQueue();
            QueueConfig current = slots.settings().config();
            QueueConfig next = Arguments.notNull("the changed configuration", change.apply(current));
            if (!next.redrive().equals(current.redrive())) {
                registry.checkRedrive(queue.name(), next);
            }
            return within(() -> apply(current, next)); // the user's code has run outside the gate
        });
        core.awaitDurable();
        core.conductor().helpIfDue(core.time().nowMs()); // a shorter retention ends messages at once
        queue.waiters().serve(); // a higher limit lets more be received
        return updated;
    }

    private QueueConfig apply(QueueConfig current, QueueConfig next) {
        change(state -> state.withConfig(next));
        slots.settings(QueueSettings.of(next));
        if (next.retention().compareTo(current.retention()) < 0) {
            queue.upkeep().rearm(core.time().nowMs());
        }
        return next;
    }

    /** Called inside the gate. */
    private void change(UnaryOperator<QueueState> change) {
        if (!queue.ledger().change(change)) {
            throw core.noSpace();
        }
    }

    @Override
    public Map<String, String> tags() {
        return inside(() -> queue.ledger().state().tags());
    }

    @Override
    public void tag(Map<String, String> added) {
        Arguments.notNull("tags", added).forEach(QueueAdministration::checkTag);
        changeTags(all -> all.putAll(added));
    }

    private static void checkTag(String key, String value) {
        checkLength("tag key", key, 1, MAX_TAG_KEY_CHARS);
        checkLength("tag value", value, 0, MAX_TAG_VALUE_CHARS);
    }

    private static void checkLength(String what, String text, int least, int most) {
        Arguments.notNull(what, text);
        if (text.length() < least || text.length() > most) {
            throw new IllegalArgumentException(
                    what + " must have " + least + " to " + most + " characters: length=" + text.length());
        }
    }

    @Override
    public void untag(Collection<String> keys) {
        Arguments.notNull("keys", keys).forEach(key -> Arguments.notNull("tag key", key));
        List<String> removed = List.copyOf(keys);
        changeTags(all -> removed.forEach(all::remove));
    }

    private void changeTags(java.util.function.Consumer<Map<String, String>> change) {
        changing(() -> {
            Map<String, String> next = new TreeMap<>(queue.ledger().state().tags());
            change.accept(next);
            if (next.size() > MAX_TAGS) {
                throw new IllegalArgumentException(
                        "a queue has at most " + MAX_TAGS + " tags: queue=" + queue.name() + " tags=" + next.size());
            }
            change(state -> state.withTags(Collections.unmodifiableMap(next)));
            return next;
        });
        core.awaitDurable();
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    @Override
    public long purge() {
        long purged = inside(() -> queue.upkeep().purge());
        core.awaitDurable();
        queue.serveIfLimited();
        return purged;
    }

    @Override
    public List<PeekedMessage> peek(int max) {
        if (max < 1 || max > MAX_PEEKED) {
            throw new IllegalArgumentException("max must be between 1 and " + MAX_PEEKED + ": max=" + max);
        }
        return inside(() -> {
            List<PeekedMessage> peeked = new ArrayList<>();
            queue.upkeep().forEachSlot((block, region, slot, sequence) -> {
                long control = SlotQueue.settledControl(region, slot);
                if (ControlWord.isLive(control)) {
                    peeked.add(peeked(region, slot, sequence, control));
                }
                return peeked.size() < max;
            });
            return peeked;
        });
    }

    /** A copy; if the message ends meanwhile, its bytes stay in place until this operation has left the gate. */
    private PeekedMessage peeked(Region region, int slot, long sequence, long control) {
        RecordProperties properties = registry.mover().propertiesOf(region, slot);
        long position = SlotQueue.position(region, slot);
        Region record = core.log().region(position);
        int at = RecordLog.offsetOf(position);
        int payloadAt = RecordLayout.payloadAt(record, at);
        return new PeekedMessage(
                properties.originalId().orElseGet(() -> queue.idOf(sequence)),
                stateOf(control),
                SlotQueue.receiveCount(region, slot, control),
                Instant.ofEpochMilli(record.longPlain(at + RecordLayout.SENT_MS_OFFSET)),
                properties.decodedAttributes(),
                DeliveryCollector.copy(record, payloadAt, record.intPlain(at + RecordLayout.PAYLOAD_LENGTH_OFFSET)));
    }

    private MessageState stateOf(long control) {
        boolean hidden = !ControlWord.isIn(control, ControlWord.READY)
                && !ControlWord.isDue(control, core.time().nowMs());
        if (!hidden) {
            return MessageState.VISIBLE;
        }
        return ControlWord.isIn(control, ControlWord.DELAYED) ? MessageState.DELAYED : MessageState.IN_FLIGHT;
    }

    @Override
    public QueueStats stats() {
        core.conductor().helpIfDue(core.time().nowMs());
        return inside(
                () -> queue.upkeep().stats(queue.waiters().count(), core.time().nowMs()));
    }

    // ---- dead letters ---------------------------------------------------------------------------------------------

    @Override
    public List<String> deadLetterSources() {
        return inside(() -> {
            List<String> sources = new ArrayList<>();
            for (HeapQueue other : registry.all()) {
                QueueConfig config = other.slots().settings().config();
                if (config.redrive()
                        .filter(r -> r.deadLetterQueue().equals(queue.name()))
                        .isPresent()) {
                    sources.add(other.name());
                }
            }
            return sources;
        });
    }

    @Override
    public RedriveTask redrive(RedriveRequest request) {
        return redrives.start(request);
    }

    @Override
    public List<RedriveTask> redriveTasks() {
        registry.requireOpen();
        requireQueue();
        return redrives.list(); // who moves messages holds its lock while he waits for the disk
    }
}
