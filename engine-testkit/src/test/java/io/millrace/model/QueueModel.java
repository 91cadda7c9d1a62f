package io.millrace.model;

import io.millrace.api.ConfigurationConflictException;
import io.millrace.api.EngineClosedException;
import io.millrace.api.InvalidReceiptException;
import io.millrace.api.Refusal.Reason;
import io.millrace.api.UnknownQueueException;
import io.millrace.api.queue.MessageState;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.QueueStats;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.queue.RedriveStatus;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.Disposition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What standard queues do, as plain sequential code: the oracle that the engine is compared with. Confined to one thread.
 *
 * <p>A queue is a sorted map from sequence to message. Everything follows from four rules: a receive takes the visible messages
 * of lowest sequence; a message is hidden until its deadline; it is gone when its retention is over; and one that was received
 * often enough moves to the dead-letter queue instead of being received again. Time passes only between commands.
 */
final class QueueModel implements Side {
    /** How long a message hides whose dead-letter queue has no room. */
    private static final long MOVE_RETRY_MS = 1_000L;

    /** After what time a redrive task tries again whose destination has no room; twice as long each time, up to a bound. */
    private static final long REDRIVE_FIRST_PAUSE_MS = 100L;

    private static final long REDRIVE_LONGEST_PAUSE_MS = 10_000L;

    /** By how many sequences at a time a durable queue reserves them. */
    private static final long SEQUENCES_AT_A_TIME = 65_536;

    /** Most messages that one poll hands out. */
    private static final int MAX_POLL = 1_024;

    private static final class Stored {
        final Draft draft;
        final String id;
        final long sentMs;
        MessageState state;
        boolean claimed; // by a sender who has not committed
        long enqueuedMs;
        long deadlineMs; // of DELAYED and IN_FLIGHT
        long flightStartedMs;
        long firstReceivedMs;
        int receives;
        Optional<String> source = Optional.empty();
        Optional<String> reason = Optional.empty();

        Stored(Draft draft, String id, long nowMs) {
            this.draft = draft;
            this.id = id;
            this.sentMs = nowMs;
            this.enqueuedMs = nowMs;
            this.state = MessageState.VISIBLE;
        }
    }

    private static final class Queue {
        final String name;
        final int incarnation;
        final TreeMap<Long, Stored> messages = new TreeMap<>();
        QueueConfig config;

        @Nullable
        Task task;

        long nextSequence;
        long ceiling; // sequences below are never given out again
        long lookAgainMs; // nothing becomes visible or expires before
        long sent;
        long received;
        long acked;
        long expired;
        long deadLettered;
        long purged;

        Queue(String name, int incarnation, QueueConfig config) {
            this.name = name;
            this.incarnation = incarnation;
            this.config = config;
        }

        long expiryMs(Stored message) {
            return message.enqueuedMs + config.retention().toMillis();
        }

        /** When time changes something about a message. */
        long nextChangeMs(Stored message) {
            long deadlineMs = message.state == MessageState.VISIBLE ? Long.MAX_VALUE : message.deadlineMs;
            return Math.min(deadlineMs, message.claimed ? Long.MAX_VALUE : expiryMs(message));
        }

        void put(Stored message) {
            ceiling = nextSequence < ceiling ? ceiling : nextSequence + SEQUENCES_AT_A_TIME;
            messages.put(nextSequence++, message);
            lookAgainMs = Math.min(lookAgainMs, nextChangeMs(message));
        }

        void hide(Stored message, MessageState as, long untilMs) {
            message.state = as;
            message.deadlineMs = untilMs;
            lookAgainMs = Math.min(lookAgainMs, nextChangeMs(message));
        }

        /** Those that senders have claimed and not committed count as visible. */
        long count(MessageState state) {
            return messages.values().stream().filter(m -> m.state == state).count();
        }
    }

    private static final class Task {
        final Queue from;
        final Optional<String> destination;
        final long toMove;
        final long endSequence;
        RedriveStatus status = RedriveStatus.RUNNING;
        long pauseMs = REDRIVE_FIRST_PAUSE_MS;
        boolean failed;
        long dueMs;
        long moved;
        long passed = -1; // the sequence up to which it is done

        Task(Queue from, Optional<String> destination, long nowMs) {
            this.from = from;
            this.destination = destination;
            this.toMove = from.count(MessageState.VISIBLE);
            this.endSequence = from.nextSequence;
            this.dueMs = nowMs;
        }
    }

    private record OpenClaim(Queue queue, long sequence) {}

    private final Map<String, Queue> queues = new TreeMap<>();
    private final List<Queue> everCreated = new ArrayList<>();
    private final Map<Integer, OpenClaim> claims = new HashMap<>();
    private long ids;
    private long nowMs;

    QueueModel(long nowMs) {
        this.nowMs = nowMs;
    }

    /** Lets time pass up to {@code toMs}, and answers the command at that instant. */
    Answer apply(Command command, long toMs) {
        passTo(toMs);
        Answer answer = command.on(this);
        passTo(toMs);
        return answer;
    }

    // ---- time -----------------------------------------------------------------------------------------------------

    private void passTo(long toMs) {
        for (Task task = dueTask(toMs); task != null; task = dueTask(toMs)) {
            nowMs = Math.max(nowMs, task.dueMs);
            passDeadlines();
            step(task);
        }
        nowMs = toMs;
        passDeadlines();
    }

    private @Nullable Task dueTask(long toMs) {
        return queues.values().stream()
                .map(queue -> queue.task)
                .filter(task -> task != null && task.status == RedriveStatus.RUNNING && task.dueMs <= toMs)
                .findFirst()
                .orElse(null);
    }

    private void passDeadlines() {
        for (Queue queue : queues.values()) {
            if (queue.lookAgainMs <= nowMs) {
                passDeadlines(queue);
            }
        }
    }

    private void passDeadlines(Queue queue) {
        int before = queue.messages.size();
        queue.messages.values().removeIf(message -> !message.claimed && queue.expiryMs(message) <= nowMs);
        queue.expired += before - queue.messages.size();
        queue.lookAgainMs = Long.MAX_VALUE;
        for (Stored message : queue.messages.values()) {
            if (message.state != MessageState.VISIBLE && message.deadlineMs <= nowMs) {
                message.state = MessageState.VISIBLE;
            }
            queue.lookAgainMs = Math.min(queue.lookAgainMs, queue.nextChangeMs(message));
        }
    }

    private void step(Task task) {
        for (Long sequence = next(task.from, task.passed);
                sequence != null && sequence < task.endSequence;
                sequence = next(task.from, task.passed)) {
            Stored message = task.from.messages.get(sequence);
            if (message.claimed || message.state != MessageState.VISIBLE) {
                task.passed = sequence;
                continue;
            }
            Queue to = queues.get(task.destination.or(() -> message.source).orElse(""));
            if (to == null) {
                task.status = RedriveStatus.FAILED;
                task.failed = true;
                return;
            }
            if (isFull(to)) {
                task.dueMs = nowMs + task.pauseMs;
                task.pauseMs = Math.min(REDRIVE_LONGEST_PAUSE_MS, 2 * task.pauseMs);
                return;
            }
            task.passed = sequence;
            task.from.messages.remove(sequence);
            to.put(new Stored(message.draft, newId(), nowMs));
            task.moved++;
            task.pauseMs = REDRIVE_FIRST_PAUSE_MS;
        }
        task.status = RedriveStatus.COMPLETED;
    }

    // ---- queues ---------------------------------------------------------------------------------------------------

    @Override
    public Answer create(String name, QueueConfig config) {
        Queue existing = queues.get(name);
        if (existing != null) {
            return existing.config.equals(config) ? Answer.done() : Answer.thrown(ConfigurationConflictException.class);
        }
        return refusedRedrive(name, config).orElseGet(() -> {
            Queue queue = new Queue(name, everCreated.size(), config);
            everCreated.add(queue);
            queues.put(name, queue);
            return Answer.done();
        });
    }

    private Optional<Answer> refusedRedrive(String name, QueueConfig config) {
        if (config.redrive().isEmpty()) {
            return Optional.empty();
        }
        String target = config.redrive().get().deadLetterQueue();
        if (target.equals(name)) {
            return Optional.of(Answer.thrown(IllegalArgumentException.class));
        }
        if (!queues.containsKey(target)) {
            return Optional.of(Answer.thrown(UnknownQueueException.class));
        }
        return queues.get(target).config.redriveAllow().allows(name)
                ? Optional.empty()
                : Optional.of(Answer.thrown(IllegalArgumentException.class));
    }

    @Override
    public Answer delete(String name) {
        return queues.remove(name) == null ? Answer.thrown(UnknownQueueException.class) : Answer.done();
    }

    @Override
    public Answer update(String name, QueueConfig config) {
        Queue queue = queue(name);
        if (!queue.config.redrive().equals(config.redrive())) {
            Optional<Answer> refused = refusedRedrive(name, config);
            if (refused.isPresent()) {
                return refused.get();
            }
        }
        queue.config = config;
        queue.lookAgainMs = nowMs;
        return Answer.done();
    }

    private Queue queue(String name) {
        Queue queue = queues.get(name);
        if (queue == null) {
            throw new IllegalStateException("the history uses a queue that does not exist: queue=" + name);
        }
        return queue;
    }

    // ---- send -----------------------------------------------------------------------------------------------------

    private String newId() {
        return "m" + ids++;
    }

    private static boolean isFull(Queue queue) {
        return queue.messages.size() >= queue.config.maxBacklog();
    }

    private static Optional<Reason> refusal(Queue queue, Draft draft) {
        if (draft.payload().length() + draft.attributes().length() > queue.config.maxMessageBytes()) {
            return Optional.of(Reason.MESSAGE_TOO_LARGE);
        }
        return isFull(queue) ? Optional.of(Reason.BACKLOG_LIMIT) : Optional.empty();
    }

    private Stored add(Queue queue, Draft draft) {
        Stored message = new Stored(draft, newId(), nowMs);
        queue.put(message);
        queue.sent++;
        return message;
    }

    private void publish(Queue queue, Stored message) {
        message.claimed = false;
        message.enqueuedMs = nowMs;
        Duration delay = message.draft.delay().orElse(queue.config.delay());
        queue.hide(message, delay.isZero() ? MessageState.VISIBLE : MessageState.DELAYED, nowMs + delay.toMillis());
    }

    @Override
    public Answer send(String name, List<Draft> drafts, boolean raw) {
        Queue queue = queue(name);
        List<Object> results = new ArrayList<>();
        List<String> sentIds = new ArrayList<>();
        for (Draft draft : drafts) {
            Optional<Reason> refusal = refusal(queue, draft);
            if (refusal.isPresent()) {
                results.add(raw ? (Object) code(refusal.get()) : refusal.get());
            } else {
                results.add(raw ? (Object) queue.nextSequence : "accepted");
                Stored message = add(queue, draft);
                publish(queue, message);
                sentIds.add(message.id);
            }
        }
        return Answer.of(results, raw ? List.of() : sentIds);
    }

    static long code(Reason reason) {
        return switch (reason) {
            case MESSAGE_TOO_LARGE -> Codes.MESSAGE_TOO_LARGE;
            case BACKLOG_LIMIT -> Codes.BACKLOG_LIMIT;
            case OFF_HEAP_LIMIT -> Codes.OFF_HEAP_LIMIT;
            case IN_FLIGHT_LIMIT -> Codes.IN_FLIGHT_LIMIT;
            case DISK_FULL -> Codes.DISK_FULL;
        };
    }

    @Override
    public Answer open(int claim, String name, Draft draft) {
        Queue queue = queue(name);
        Optional<Reason> refusal = refusal(queue, draft);
        if (refusal.isPresent()) {
            return Answer.of(code(refusal.get()));
        }
        claims.put(claim, new OpenClaim(queue, queue.nextSequence));
        add(queue, draft).claimed = true;
        return Answer.of(queue.nextSequence - 1);
    }

    @Override
    public Answer commit(int number) {
        OpenClaim claim = claims.remove(number);
        if (queues.get(claim.queue().name) != claim.queue()) {
            return Answer.of(Codes.CLOSED);
        }
        publish(claim.queue(), claim.queue().messages.get(claim.sequence()));
        return Answer.of(claim.sequence());
    }

    @Override
    public Answer abort(int number) {
        OpenClaim claim = claims.remove(number);
        claim.queue().messages.remove(claim.sequence());
        claim.queue().sent--;
        return Answer.done();
    }

    // ---- receive --------------------------------------------------------------------------------------------------

    /** How many messages may be received, 0 if the limit on those in flight is reached. */
    private static int admitted(Queue queue, int max) {
        return (int) Math.min(max, Math.max(0, queue.config.maxInFlight() - queue.count(MessageState.IN_FLIGHT)));
    }

    /** Takes the first visible messages; those received too often move instead. */
    private List<Long> claim(Queue queue, int max, Duration visibilityTimeout) {
        List<Long> taken = new ArrayList<>();
        for (Long sequence = next(queue, -1);
                sequence != null && taken.size() < max;
                sequence = next(queue, sequence)) {
            Stored message = queue.messages.get(sequence);
            if (!message.claimed && message.state == MessageState.VISIBLE && !leavesForDeadLetters(queue, sequence)) {
                queue.hide(message, MessageState.IN_FLIGHT, nowMs + visibilityTimeout.toMillis());
                message.receives++;
                message.flightStartedMs = nowMs;
                message.firstReceivedMs = message.firstReceivedMs == 0 ? nowMs : message.firstReceivedMs;
                taken.add(sequence);
            }
        }
        queue.received += taken.size();
        return taken;
    }

    private static @Nullable Long next(Queue queue, long sequence) {
        return queue.messages.higherKey(sequence);
    }

    private boolean leavesForDeadLetters(Queue queue, long sequence) {
        Stored message = queue.messages.get(sequence);
        Optional<RedrivePolicy> policy = queue.config.redrive();
        if (policy.isEmpty() || message.receives < policy.get().maxReceives()) {
            return false;
        }
        Queue to = deadLetterQueue(queue);
        if (to == null) {
            return false;
        }
        if (isFull(to)) {
            queue.hide(message, MessageState.DELAYED, nowMs + MOVE_RETRY_MS);
        } else {
            moveToDeadLetters(queue, sequence, to, Optional.empty());
        }
        return true;
    }

    /** The queue that takes this one's dead letters, if it exists and still allows it. */
    private @Nullable Queue deadLetterQueue(Queue queue) {
        return queue.config
                .redrive()
                .map(policy -> queues.get(policy.deadLetterQueue()))
                .filter(to -> to.config.redriveAllow().allows(queue.name))
                .orElse(null);
    }

    private void moveToDeadLetters(Queue from, long sequence, Queue to, Optional<String> reason) {
        Stored message = from.messages.remove(sequence);
        message.state = MessageState.VISIBLE;
        message.source = Optional.of(from.name);
        message.reason = reason;
        from.deadLettered++;
        to.put(message);
    }

    @Override
    public Answer receive(String name, int max, Optional<Duration> visibilityTimeout) {
        Queue queue = queue(name);
        Duration hidden = visibilityTimeout.orElse(queue.config.visibilityTimeout());
        if (hidden.compareTo(queue.config.visibilityCap()) > 0) {
            return Answer.thrown(IllegalArgumentException.class);
        }
        int admitted = admitted(queue, max);
        if (admitted == 0) {
            return Answer.refused(Reason.IN_FLIGHT_LIMIT);
        }
        List<Object> received = new ArrayList<>();
        List<String> receivedIds = new ArrayList<>();
        List<Ref> refs = new ArrayList<>();
        for (long sequence : claim(queue, admitted, hidden)) {
            Stored message = queue.messages.get(sequence);
            received.add(new Answer.Received(
                    message.draft.payload(),
                    message.draft.attributes(),
                    message.receives,
                    Instant.ofEpochMilli(message.sentMs),
                    Instant.ofEpochMilli(message.firstReceivedMs),
                    message.source,
                    message.reason));
            receivedIds.add(message.id);
            refs.add(new Ref(name, queue.incarnation, sequence));
        }
        return new Answer(received, receivedIds, refs);
    }

    @Override
    public Answer poll(String name, int limit, List<Disposition> dispositions) {
        Queue queue = queue(name);
        int admitted = admitted(queue, Math.min(limit, MAX_POLL));
        if (admitted == 0) {
            return Answer.of(new Answer.Polled(Codes.IN_FLIGHT_LIMIT, List.of()));
        }
        List<Long> claimed = claim(queue, admitted, queue.config.visibilityTimeout());
        List<Answer.InHand> inHand = new ArrayList<>();
        List<String> inHandIds = new ArrayList<>();
        List<Ref> refs = new ArrayList<>();
        int stop = claimed.size();
        for (int i = 0; i < stop; i++) {
            Stored message = queue.messages.get(claimed.get(i));
            inHand.add(new Answer.InHand(
                    claimed.get(i),
                    message.draft.payload(),
                    message.draft.attributes(),
                    message.receives,
                    message.sentMs,
                    i == claimed.size() - 1));
            inHandIds.add(message.id);
            refs.add(new Ref(name, queue.incarnation, claimed.get(i)));
            if (disposition(dispositions, i) == Disposition.STOP) {
                stop = i;
            }
        }
        boolean failed = settle(queue, claimed, stop, dispositions);
        Object body = failed ? List.of("thrown IllegalStateException", inHand) : new Answer.Polled(stop, inHand);
        return new Answer(body, inHandIds, refs);
    }

    static Disposition disposition(List<Disposition> dispositions, int index) {
        return dispositions.get(index % dispositions.size());
    }

    /** Carries out the answers before {@code stop}, gives the rest back; true if a message could not be dead-lettered. */
    private boolean settle(Queue queue, List<Long> claimed, int stop, List<Disposition> dispositions) {
        boolean failed = false;
        for (int i = 0; i < claimed.size(); i++) {
            long sequence = claimed.get(i);
            Stored message = queue.messages.get(sequence);
            switch (i < stop ? disposition(dispositions, i) : Disposition.STOP) {
                case ACK -> end(queue, sequence);
                case RETRY -> message.state = MessageState.VISIBLE;
                case HOLD -> {}
                case DEAD_LETTER -> failed |= deadLetterInHand(queue, sequence);
                case STOP -> giveBack(queue, message);
            }
        }
        return failed;
    }

    private boolean deadLetterInHand(Queue queue, long sequence) {
        if (queue.messages.get(sequence).deadlineMs <= nowMs) {
            return false; // it was not hidden at all, so its flight is over
        }
        Queue to = deadLetterQueue(queue);
        if (to != null && !isFull(to)) {
            moveToDeadLetters(queue, sequence, to, Optional.empty());
        }
        return to == null;
    }

    /** As if it had never been received. */
    private static void giveBack(Queue queue, Stored message) {
        message.state = MessageState.VISIBLE;
        message.receives--;
        message.firstReceivedMs = message.receives == 0 ? 0 : message.firstReceivedMs;
        queue.received--;
    }

    // ---- ends -----------------------------------------------------------------------------------------------------

    private boolean end(Queue queue, long sequence) {
        boolean ended = queue.messages.remove(sequence) != null;
        queue.acked += ended ? 1 : 0;
        return ended;
    }

    /** The answer to whoever names a message of a queue that was deleted. */
    private Optional<Answer> refusedDeleted(Ref ref, Via via) {
        Queue queue = queues.get(ref.queue());
        if (queue != null && queue.incarnation == ref.incarnation()) {
            return Optional.empty();
        }
        return Optional.of(
                Answer.thrown(via == Via.RECEIPT ? InvalidReceiptException.class : EngineClosedException.class));
    }

    @Override
    public Answer ack(List<Ref> messages, Via via) {
        List<Object> acked = new ArrayList<>();
        for (Ref ref : messages) {
            Optional<Answer> refused = refusedDeleted(ref, via);
            if (refused.isPresent()) {
                return refused.get();
            }
            acked.add(end(queue(ref.queue()), ref.sequence()));
        }
        return Answer.of(acked);
    }

    private @Nullable Stored inFlight(Ref ref) {
        Stored message = queue(ref.queue()).messages.get(ref.sequence());
        return message == null || message.state != MessageState.IN_FLIGHT ? null : message;
    }

    @Override
    public Answer hide(Ref ref, Duration howLong, boolean givingBack, Via via) {
        Optional<Answer> refused = refusedDeleted(ref, via);
        boolean isBeyondCap =
                howLong.compareTo(everCreated.get(ref.incarnation()).config.visibilityCap()) > 0;
        if (isBeyondCap && (refused.isEmpty() || via == Via.DELIVERY)) {
            return Answer.thrown(IllegalArgumentException.class);
        }
        if (refused.isPresent()) {
            return refused.get();
        }
        Stored message = inFlight(ref);
        if (message == null) {
            return Answer.of(false);
        }
        long flightMs = nowMs - message.flightStartedMs + howLong.toMillis();
        if (!howLong.isZero()
                && flightMs > queue(ref.queue()).config.visibilityCap().toMillis()) {
            return Answer.thrown(IllegalArgumentException.class);
        }
        queue(ref.queue()).hide(message, MessageState.IN_FLIGHT, nowMs + howLong.toMillis());
        return Answer.of(true);
    }

    @Override
    public Answer deadLetter(Ref ref, String reason, Via via) {
        Optional<Answer> refused = refusedDeleted(ref, via);
        if (refused.isPresent()) {
            return refused.get();
        }
        if (inFlight(ref) == null) {
            return Answer.of(false);
        }
        Queue from = queue(ref.queue());
        Queue to = deadLetterQueue(from);
        if (to == null) {
            return Answer.thrown(IllegalStateException.class);
        }
        if (isFull(to)) {
            return Answer.refused(Reason.BACKLOG_LIMIT);
        }
        moveToDeadLetters(from, ref.sequence(), to, Optional.of(reason));
        return Answer.of(true);
    }

    // ---- administration -------------------------------------------------------------------------------------------

    @Override
    public Answer purge(String name) {
        Queue queue = queue(name);
        long before = queue.messages.size();
        queue.messages.values().removeIf(message -> !message.claimed);
        long purged = before - queue.messages.size();
        queue.purged += purged;
        return Answer.of(purged);
    }

    @Override
    public Answer peek(String name, int max) {
        List<Object> peeked = new ArrayList<>();
        List<String> peekedIds = new ArrayList<>();
        queue(name).messages.values().stream()
                .filter(message -> !message.claimed)
                .limit(max)
                .forEach(message -> {
                    peeked.add(new Answer.Peeked(
                            message.draft.payload(),
                            message.draft.attributes(),
                            message.receives,
                            Instant.ofEpochMilli(message.sentMs),
                            message.state));
                    peekedIds.add(message.id);
                });
        return Answer.of(peeked, peekedIds);
    }

    @Override
    public Answer stats(String name) {
        Queue queue = queue(name);
        OptionalLong oldestAgeMs = queue.messages.values().stream()
                .filter(message -> !message.claimed)
                .mapToLong(message -> nowMs - message.enqueuedMs)
                .findFirst();
        return Answer.of(new QueueStats(
                queue.count(MessageState.VISIBLE),
                queue.count(MessageState.IN_FLIGHT),
                queue.count(MessageState.DELAYED),
                queue.sent,
                queue.received,
                queue.acked,
                queue.expired,
                queue.deadLettered,
                queue.purged,
                0,
                oldestAgeMs));
    }

    @Override
    public Answer redrive(String name, Optional<String> destination) {
        Queue queue = queue(name);
        if (destination.isPresent() && destination.get().equals(name)) {
            return Answer.thrown(IllegalArgumentException.class);
        }
        if (destination.isPresent() && !queues.containsKey(destination.get())) {
            return Answer.thrown(UnknownQueueException.class);
        }
        boolean isRunning = queue.task != null && queue.task.status == RedriveStatus.RUNNING;
        if (isRunning || queues.values().stream().noneMatch(source -> isSourceOf(source, name))) {
            return Answer.thrown(IllegalStateException.class);
        }
        queue.task = new Task(queue, destination, nowMs);
        return Answer.done();
    }

    private static boolean isSourceOf(Queue source, String name) {
        return source.config
                .redrive()
                .filter(policy -> policy.deadLetterQueue().equals(name))
                .isPresent();
    }

    /** Nothing is lost but what was claimed and not committed; figures begin anew. */
    @Override
    public Answer restart() {
        claims.clear();
        queues.values().forEach(this::restart);
        return Answer.done();
    }

    private void restart(Queue queue) {
        queue.messages.values().removeIf(message -> message.claimed);
        queue.messages.values().forEach(this::restart);
        queue.nextSequence = queue.ceiling;
        queue.lookAgainMs = nowMs;
        queue.sent = 0;
        queue.received = 0;
        queue.acked = 0;
        queue.expired = 0;
        queue.deadLettered = 0;
        queue.purged = 0;
        if (queue.task != null) {
            queue.task.passed = -1;
            queue.task.dueMs = nowMs;
            queue.task.pauseMs = REDRIVE_FIRST_PAUSE_MS;
        }
    }

    private void restart(Stored message) {
        if (message.state != MessageState.VISIBLE) {
            message.state = message.receives > 0 ? MessageState.IN_FLIGHT : MessageState.DELAYED;
            message.flightStartedMs = nowMs;
        }
    }

    @Override
    public Answer redriveStatus(String name) {
        Task task = queue(name).task;
        return Answer.of(
                task == null ? "none" : new Answer.Redriven(task.status, task.moved, task.toMove, task.failed));
    }

    // ---- for the generator ----------------------------------------------------------------------------------------

    List<String> names() {
        return List.copyOf(queues.keySet());
    }

    QueueConfig config(String name) {
        return queue(name).config;
    }

    boolean isAlive(Ref ref) {
        Queue queue = queues.get(ref.queue());
        return queue != null && queue.incarnation == ref.incarnation();
    }

    long nextSequence(String name) {
        return queue(name).nextSequence;
    }

    boolean isRedriving() {
        return queues.values().stream().anyMatch(q -> q.task != null && q.task.status == RedriveStatus.RUNNING);
    }

    /** For how long the current flight of a message has lasted; 0 if there is none. */
    Duration flown(Ref ref) {
        Stored message = isAlive(ref) ? inFlight(ref) : null;
        return message == null ? Duration.ZERO : Duration.ofMillis(nowMs - message.flightStartedMs);
    }

    /** How long until any message becomes visible or expires; empty if none will. */
    OptionalLong msToNextDeadline() {
        return queues.values().stream()
                .flatMapToLong(queue -> queue.messages.values().stream().mapToLong(queue::nextChangeMs))
                .filter(atMs -> atMs != Long.MAX_VALUE)
                .map(atMs -> atMs - nowMs)
                .min();
    }
}
