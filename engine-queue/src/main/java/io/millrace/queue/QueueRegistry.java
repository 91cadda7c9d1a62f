package io.millrace.queue;

import io.millrace.api.ConfigurationConflictException;
import io.millrace.api.EngineClosedException;
import io.millrace.api.EngineFailedException;
import io.millrace.api.Page;
import io.millrace.api.UnknownQueueException;
import io.millrace.api.check.Arguments;
import io.millrace.api.queue.ConfigDifference;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.QueueNames;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.core.EngineCore;
import io.millrace.core.concurrent.Backoff;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.slot.Directory;
import io.millrace.queue.state.QueueLedger;
import io.millrace.queue.state.QueueState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The queues of an engine by name. Thread-safe: looking up is lock-free; creating, changing and deleting wait for each
 * other.
 */
public final class QueueRegistry {
    private static final QueueConfig DEFAULTS = QueueConfig.defaults();

    private final EngineCore core;
    private final ConcurrentSkipListMap<String, HeapQueue> queues = new ConcurrentSkipListMap<>();
    private final ReentrantLock changing = new ReentrantLock();
    private final Receipts receipts;
    private final MessageMover mover;

    public QueueRegistry(EngineCore core) {
        this.core = core;
        this.receipts = new Receipts(core.receiptKey());
        core.onFailure(this::fail);
        this.mover = new MessageMover(core, this);
    }

    Receipts receipts() {
        return receipts;
    }

    MessageMover mover() {
        return mover;
    }

    /** Changes the set of queues or a configuration while nobody else does. */
    <T> T changing(Supplier<T> change) {
        changing.lock();
        try {
            return change.get();
        } finally {
            changing.unlock();
            if (!changing.isHeldByCurrentThread()) {
                core.conductor().runDeferred(); // perhaps users' code
            }
        }
    }

    // ---- find and create ------------------------------------------------------------------------------------------

    /** The queue of that name, if there is one. */
    public Optional<HeapQueue> find(String name) {
        return Optional.ofNullable(queues.get(name));
    }

    /** Opens the queue, or creates it with the default configuration. */
    public MessageQueue open(String name) {
        HeapQueue existing = queues.get(QueueNames.check(name));
        return existing != null && !core.gate().isClosed() ? existing : create(name, DEFAULTS, config -> config);
    }

    /** Opens the queue if it has exactly this configuration, or creates it with it. */
    public MessageQueue open(String name, QueueConfig config) {
        Arguments.notNull("config", config);
        return create(name, DEFAULTS, ignored -> config);
    }

    /**
     * Opens the queue if the change makes no difference to its configuration; creates it with the changed defaults if it does
     * not exist.
     */
    public MessageQueue open(String name, UnaryOperator<QueueConfig> change) {
        return create(name, DEFAULTS, change);
    }

    /**
     * Opens the queue if it has what {@code given} sets, whatever else it has; creates it with what {@code given} makes of
     * {@code initial} if it does not exist. For doors with defaults of their own, where a caller names some components only.
     *
     * @throws ConfigurationConflictException if it exists and {@code given} would change it
     */
    public MessageQueue open(String name, QueueConfig initial, UnaryOperator<QueueConfig> given) {
        return create(name, initial, given);
    }

    private MessageQueue create(String name, QueueConfig initial, UnaryOperator<QueueConfig> change) {
        QueueNames.check(name);
        Arguments.notNull("change", change);
        return changing(() -> createIfAbsent(name, initial, change));
    }

    private MessageQueue createIfAbsent(String name, QueueConfig initial, UnaryOperator<QueueConfig> change) {
        requireOpen();
        HeapQueue existing = queues.get(name);
        if (existing == null) {
            QueueConfig config = Arguments.notNull("the changed configuration", change.apply(initial));
            checkRedrive(name, config);
            return add(name, config);
        }
        QueueConfig current = existing.slots().settings().config();
        QueueConfig wanted = Arguments.notNull("the changed configuration", change.apply(current));
        current.firstDifference(wanted).ifPresent(difference -> refuse(name, difference));
        return existing;
    }

    /** Releases everybody who waits for a message that will not come. */
    private void fail(EngineFailedException reason) {
        queues.values().forEach(queue -> queue.waiters().close(reason));
    }

    void requireOpen() {
        if (core.gate().isClosed()) {
            core.requireSound();
            throw new EngineClosedException("engine is closed");
        }
    }

    private static void refuse(String name, ConfigDifference difference) {
        String component = difference.component();
        String setter = "with" + Character.toUpperCase(component.charAt(0)) + component.substring(1);
        throw new ConfigurationConflictException(
                "queue=" + name,
                component,
                String.valueOf(difference.existing()),
                String.valueOf(difference.requested()),
                "queue.admin().update(c -> c." + setter + "(..))");
    }

    private HeapQueue add(String name, QueueConfig config) {
        if (QueueNames.isFifo(name)) {
            throw new IllegalArgumentException("FIFO queues are not available yet: name=" + name);
        }
        long number = core.nextQueueNumber();
        QueueLedger ledger = new QueueLedger(core, number, QueueState.created(name, config));
        HeapQueue queue = new HeapQueue(core, this, number, ledger, new Directory(core.pool(), number));
        enter(queue);
        if (!queue.create()) {
            leave(queue);
            throw core.noSpace();
        }
        queues.put(name, queue);
        queue.meters().register();
        return queue;
    }

    /** Lets the conductor know a queue. */
    private void enter(HeapQueue queue) {
        core.conductor().register(queue.slots().number(), queue.upkeep());
    }

    private void leave(HeapQueue queue) {
        core.conductor().unregister(queue.slots().number());
    }

    /** Takes in a queue of an earlier run, before anybody else uses the engine. */
    void restore(HeapQueue queue) {
        enter(queue);
        queues.put(queue.name(), queue);
        queue.restore();
        queue.meters().register();
    }

    /** Refuses a redrive policy that names the queue itself, no queue, or one that does not allow it. */
    void checkRedrive(String name, QueueConfig config) {
        config.redrive().map(RedrivePolicy::deadLetterQueue).ifPresent(target -> checkTarget(name, target));
    }

    private void checkTarget(String name, String target) {
        if (target.equals(name)) {
            throw new IllegalArgumentException("a queue cannot be its own dead-letter queue: queue=" + name);
        }
        HeapQueue queue = find(target).orElseThrow(() -> new UnknownQueueException(target));
        if (!queue.slots().settings().config().redriveAllow().allows(name)) {
            throw new IllegalArgumentException(
                    "the dead-letter queue does not allow this source: queue=" + name + " deadLetterQueue=" + target);
        }
    }

    // ---- list and delete ------------------------------------------------------------------------------------------

    public boolean exists(String name) {
        requireOpen();
        return queues.containsKey(QueueNames.check(name));
    }

    public int size() {
        return queues.size();
    }

    /** All queues, in order of name. */
    Iterable<HeapQueue> all() {
        return queues.values();
    }

    /**
     * Names that begin with {@code prefix}, in order, at most {@code limit}; the token of a page is its last name, and the
     * next page begins behind it.
     */
    public Page<String> list(String prefix, int limit, Optional<String> token) {
        Arguments.notNull("prefix", prefix);
        requireOpen();
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive: limit=" + limit);
        }
        token.filter(last -> !last.startsWith(prefix)).ifPresent(last -> {
            throw new IllegalArgumentException("token is not of this listing: token=" + last + " prefix=" + prefix);
        });
        String from = token.orElse(prefix);
        List<String> names = new ArrayList<>();
        for (String name : queues.tailMap(from, token.isEmpty()).keySet()) {
            if (!name.startsWith(prefix)) {
                break;
            }
            if (names.size() == limit) {
                return new Page<>(names, Optional.of(names.get(limit - 1)));
            }
            names.add(name);
        }
        return new Page<>(names, Optional.empty());
    }

    /**
     * Deletes a queue and all its messages; waiting receivers are released with an error. When this method has returned,
     * nothing of the queue is left, and a queue of the same name is another one. Stress: QueueRegistryStress.DeleteAgainstSend.
     */
    public void delete(String name) {
        requireOpen();
        QueueNames.check(name);
        HeapQueue queue = changing(() -> remove(name));
        queue.listeners().end();
        queue.waiters().close(queue.closed());
        awaitOperationsBefore();
        release(queue);
        core.awaitDurable();
    }

    private HeapQueue remove(String name) {
        HeapQueue queue = queues.remove(name);
        if (queue == null) {
            throw new UnknownQueueException(name);
        }
        queue.slots().close();
        core.inside(queue.ledger()::delete); // what is found of it at a restart is nobody's
        queue.meters().remove(); // under the lock: another queue of that name registers the same names
        return queue;
    }

    /** Waits until every operation that began before has left, so that none can still publish into a closed queue. */
    private void awaitOperationsBefore() {
        OperationGate gate = core.gate();
        long era = gate.retire();
        Backoff backoff = new Backoff();
        while (gate.oldestEra() <= era) {
            backoff.pauseUninterruptibly();
        }
    }

    private void release(HeapQueue queue) {
        leave(queue);
        core.inside(queue.upkeep()::purge);
        awaitOperationsBefore(); // whoever ended a message during the purge has now counted it
        core.inside(queue.upkeep()::release);
        core.inside(() -> queue.slots().whenAllShown(queue.ledger()::release));
    }

    /** Turns newcomers away and releases everybody who waits; the engine is closing. */
    public void close() {
        changing.lock();
        try {
            core.gate().close(); // under the lock, so that no queue is created behind our back
        } finally {
            changing.unlock();
        }
        EngineClosedException reason = new EngineClosedException("engine is closed");
        queues.values().forEach(queue -> queue.listeners().end());
        queues.values().forEach(queue -> queue.waiters().close(reason));
        queues.values().forEach(queue -> queue.meters().remove());
    }
}
