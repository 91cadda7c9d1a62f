package io.millrace.queue;

import io.millrace.api.EngineClosedException;
import io.millrace.api.UnknownQueueException;
import io.millrace.api.check.Arguments;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.queue.RedriveStatus;
import io.millrace.api.queue.RedriveTask;
import io.millrace.core.EngineCore;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.memory.Region;
import io.millrace.queue.slots.DeadLetters.Move;
import io.millrace.queue.slots.SlotUpkeep;
import io.millrace.queue.state.QueueState;
import io.millrace.queue.state.TaskState;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The redrive tasks of one dead-letter queue: at most one runs at a time, on the conductor. Thread-safe. */
final class Redrives {
    private static final int KEPT = 10;
    private static final int SLICE = 64;
    private static final long FIRST_PAUSE_MS = 100L;
    private static final long LONGEST_PAUSE_MS = 10_000L;

    private final HeapQueue source;
    private final EngineCore core;
    private final QueueRegistry registry;
    private final ReentrantLock lock = new ReentrantLock();
    private long started; // guarded by lock
    private final Deque<Task> tasks = new ArrayDeque<>(); // guarded by lock; newest first

    Redrives(HeapQueue source, EngineCore core, QueueRegistry registry) {
        this.source = source;
        this.core = core;
        this.registry = registry;
    }

    RedriveTask start(RedriveRequest request) {
        Arguments.notNull("request", request).destination().ifPresent(this::checkDestination);
        if (source.admin().deadLetterSources().isEmpty()) {
            throw new IllegalStateException("queue is the dead-letter queue of no other: queue=" + source.name());
        }
        long toMove = source.admin().stats().visible();
        Task task;
        boolean saved;
        lock.lock();
        try {
            if (!tasks.isEmpty() && tasks.getFirst().isActive()) {
                throw new IllegalStateException("a redrive task is running already: queue=" + source.name() + " task="
                        + tasks.getFirst().id());
            }
            task = new Task(
                    source.name() + "-" + ++started,
                    request,
                    toMove,
                    source.upkeep().nextSequence());
            saved = keep(task);
        } finally {
            lock.unlock();
        }
        if (!saved) {
            throw core.noSpace();
        }
        core.awaitDurable();
        core.conductor().schedule(core.time().nowMs(), task::step);
        return task;
    }

    /** Adds a task if it can be written down; called with the lock held. */
    private boolean keep(Task task) {
        boolean saved = false;
        tasks.addFirst(task);
        try {
            saved = save();
        } finally {
            if (!saved) {
                tasks.removeFirst();
            } else if (tasks.size() > KEPT) {
                tasks.removeLast();
            }
        }
        return saved;
    }

    /** Keeps the tasks as they are now; called with the lock held. */
    private boolean save() {
        final int word = core.enter();
        try {
            return source.ledger()
                    .change(state -> state.withTasks(
                            started, tasks.stream().limit(KEPT).map(Task::state).toList()));
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            core.exit(word);
        }
    }

    /** Goes on with the tasks of an earlier run. */
    void restore(QueueState state) {
        lock.lock();
        try {
            started = state.startedTasks();
            for (TaskState kept : state.tasks()) {
                final Task task = new Task(kept);
                tasks.addLast(task);
                if (task.isActive()) {
                    core.conductor().schedule(core.time().nowMs(), task::step);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void checkDestination(String name) {
        if (name.equals(source.name())) {
            throw new IllegalArgumentException("source and destination must differ: destination=" + name);
        }
        if (registry.find(name).isEmpty()) {
            throw new UnknownQueueException(name);
        }
    }

    List<RedriveTask> list() {
        lock.lock();
        try {
            return List.copyOf(tasks);
        } finally {
            lock.unlock();
        }
    }

    /** One task; its fields change under the lock of its queue. */
    private final class Task implements RedriveTask {
        private final String id;
        private final RedriveRequest request;
        private final long toMove;
        private final long endSequence;
        private final Instant startedAt;

        /** Since when the rate counts, and what had been moved by then. */
        private final long rateFromMs = core.time().nowMs();

        private final long movedBefore;
        private RedriveStatus status = RedriveStatus.RUNNING;
        private String failure = "";
        private long moved;
        private long next;
        private long pauseMs = FIRST_PAUSE_MS;

        Task(String id, RedriveRequest request, long toMove, long endSequence) {
            this.id = id;
            this.request = request;
            this.toMove = toMove;
            this.endSequence = endSequence;
            this.startedAt = Instant.ofEpochMilli(core.time().wallMs(rateFromMs));
            this.movedBefore = 0;
        }

        Task(TaskState state) {
            id = state.id();
            request = state.request();
            toMove = state.toMove();
            endSequence = state.endSequence();
            startedAt = Instant.ofEpochMilli(state.startedAtMs());
            movedBefore = state.moved();
            moved = state.moved();
            status = state.status();
            failure = state.failure();
        }

        TaskState state() {
            return new TaskState(id, request, toMove, endSequence, startedAt.toEpochMilli(), moved, status, failure);
        }

        boolean isActive() {
            return status == RedriveStatus.RUNNING || status == RedriveStatus.CANCELLING;
        }

        /** Moves a slice, as far as the rate allows, and schedules the next one. */
        void step() {
            lock.lock();
            try {
                if (status == RedriveStatus.CANCELLING) {
                    status = RedriveStatus.CANCELLED;
                }
                int word = core.gate().enter();
                if (word == OperationGate.CLOSED) {
                    return;
                }
                try {
                    moveSlice(core.time().nowMs());
                    save(); // where there is no room, what is kept lags behind until the next slice
                } finally {
                    core.exit(word);
                }
                core.awaitForced(); // before anybody hears that messages have moved
            } catch (EngineClosedException e) {
                throw e; // another run of the engine goes on with it
            } catch (RuntimeException | Error e) {
                status = RedriveStatus.FAILED; // nobody will go on with it
                failure = "it was cut off: " + e;
                throw e;
            } finally {
                lock.unlock();
            }
            core.conductor().runDeferred();
        }

        private void moveSlice(long nowMs) {
            for (int i = 0; i < SLICE && isActive(); i++) {
                long waitMs = waitMs(nowMs);
                if (waitMs > 0) {
                    core.conductor().schedule(nowMs + waitMs, this::step);
                    return;
                }
                if (!moveNext(nowMs)) {
                    return;
                }
            }
            if (isActive()) {
                core.conductor().schedule(nowMs, this::step);
            }
        }

        /** Milliseconds until the next message may move: the n-th moves no earlier than n / rate after the start. */
        private long waitMs(long nowMs) {
            if (request.messagesPerSecond().isEmpty()) {
                return 0;
            }
            long rate = request.messagesPerSecond().getAsInt();
            long dueMs = rateFromMs + ((moved - movedBefore) * 1_000L + rate - 1) / rate;
            return Math.max(0, dueMs - nowMs);
        }

        private boolean moveNext(long nowMs) {
            SlotUpkeep.Moved result = source.upkeep()
                    .moveVisible(
                            next,
                            endSequence,
                            nowMs,
                            (region, slot, sequence, control, now) -> target(region, slot)
                                    .map(queue ->
                                            registry.mover().sendAnew(source, queue, region, slot, sequence, nowMs))
                                    .orElse(Move.NO_TARGET));
            next = result.nextSequence();
            if (result.move().isEmpty()) {
                finish();
                return false;
            }
            switch (result.move().get()) {
                case MOVED -> {
                    moved++;
                    pauseMs = FIRST_PAUSE_MS;
                }
                case BACKLOG_LIMIT, OFF_HEAP_LIMIT, DISK_FULL -> {
                    core.conductor().schedule(nowMs + pauseMs, this::step); // nobody tells when there is room
                    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
                    return false;
                }
                case NO_TARGET -> {
                    status = RedriveStatus.FAILED;
                    return false;
                }
            }
            return true;
        }

        private void finish() {
            if (source.slots().isClosed()) {
                status = RedriveStatus.FAILED;
                failure = "queue was deleted: queue=" + source.name();
            } else {
                status = RedriveStatus.COMPLETED;
            }
        }

        private Optional<HeapQueue> target(Region region, int slot) {
            Optional<String> name = request.destination()
                    .or(() -> registry.mover().propertiesOf(region, slot).source());
            if (name.isEmpty()) {
                failure = "a message did not come from another queue, so its source is unknown";
                return Optional.empty();
            }
            Optional<HeapQueue> queue = registry.find(name.get());
            if (queue.isEmpty()) {
                failure = "queue does not exist: queue=" + name.get();
            }
            return queue;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public String source() {
            return source.name();
        }

        @Override
        public Optional<String> destination() {
            return request.destination();
        }

        private <T> T locked(Supplier<T> read) {
            lock.lock();
            try {
                return read.get();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public RedriveStatus status() {
            return locked(() -> status);
        }

        @Override
        public long moved() {
            return locked(() -> moved);
        }

        @Override
        public long toMove() {
            return toMove;
        }

        @Override
        public Instant startedAt() {
            return startedAt;
        }

        @Override
        public Optional<String> failure() {
            return locked(() -> Optional.of(failure).filter(text -> !text.isEmpty()));
        }

        @Override
        public long cancel() {
            final long movedSoFar = locked(() -> {
                if (!isActive()) {
                    throw new IllegalStateException("redrive task is finished: task=" + id + " status=" + status);
                }
                status = RedriveStatus.CANCELLING;
                save();
                return moved;
            });
            core.awaitDurable();
            return movedSoFar;
        }
    }
}
