package io.millrace.queue;

import io.millrace.api.EngineClosedException;
import io.millrace.api.EngineException;
import io.millrace.api.EngineFailedException;
import io.millrace.api.Message;
import io.millrace.api.MessageId;
import io.millrace.api.ReceiveRefusedException;
import io.millrace.api.Refusal;
import io.millrace.api.SendRefusedException;
import io.millrace.api.check.Arguments;
import io.millrace.api.queue.ConsumerConfig;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageHandler;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueAdmin;
import io.millrace.api.queue.QueueConsumer;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.SendResult;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.RawQueue;
import io.millrace.core.EngineCore;
import io.millrace.core.codec.RecordProperties;
import io.millrace.core.concurrent.Backoff;
import io.millrace.core.slot.Directory;
import io.millrace.core.time.SteppedClock;
import io.millrace.queue.raw.SlotRawQueue;
import io.millrace.queue.slots.ClaimSink;
import io.millrace.queue.slots.DeadLetters;
import io.millrace.queue.slots.QueueSettings;
import io.millrace.queue.slots.Sending;
import io.millrace.queue.slots.SlotQueue;
import io.millrace.queue.slots.SlotUpkeep;
import io.millrace.queue.state.QueueLedger;
import io.millrace.queue.state.QueueState;
import io.millrace.queue.waiting.Waiter;
import io.millrace.queue.waiting.Waiters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** A standard queue for users: copies in, copies out, waiting. Thread-safe. */
public final class HeapQueue implements MessageQueue {
    private static final int MAX_REASON_CHARS = 1_024;

    private static final Duration LONGEST = Duration.ofDays(365);

    /** Sequences that are reserved by one record of the log; a restart leaves out what is left of them. */
    private static final long SEQUENCES_AT_A_TIME = 1L << 16;

    private final String name;
    private final EngineCore core;
    private final QueueRegistry registry;
    private final SlotQueue slots;
    private final SlotUpkeep upkeep;
    private final Waiters waiters;
    private final QueueAdministration admin;
    private final DeadLetters deadLetters;
    private final QueueListeners listeners;
    private final QueueMeters meters;
    private final QueueLedger ledger;

    /** A queue with the state of its ledger, whose slots are found in {@code directory}. */
    HeapQueue(EngineCore core, QueueRegistry registry, long number, QueueLedger ledger, Directory directory) {
        final QueueState state = ledger.state();
        this.name = state.name();
        this.ledger = ledger;
        this.core = core;
        this.registry = registry;
        this.waiters = new Waiters(core.conductor(), new WaiterClaims());
        deadLetters = (region, slot, sequence, control, nowMs) ->
                registry.mover().deadLetter(this, region, slot, sequence, control, nowMs, Optional.empty());
        this.slots =
                new SlotQueue(core, number, directory, QueueSettings.of(state.config()), deadLetters, waiters::serve);
        if (core.log().fates() != null) {
            slots.ceiling(state.ceiling(), this::raiseCeiling);
        }
        this.upkeep = new SlotUpkeep(core, slots, ledger, waiters::serve);
        this.admin = new QueueAdministration(this, core, registry);
        this.listeners = new QueueListeners(this, core);
        this.meters = new QueueMeters(this, core);
    }

    /** Sees to it that some more sequences are this run's own: a restart goes on behind the ceiling. */
    private boolean raiseCeiling() {
        final long needed = upkeep.nextSequence();
        final boolean raised = ledger.change(state -> state.ceiling() > needed
                ? state
                : state.withCeiling(Math.max(state.ceiling(), needed) + SEQUENCES_AT_A_TIME));
        slots.ceiling(ledger.state().ceiling(), this::raiseCeiling);
        return raised;
    }

    @Override
    public String name() {
        return name;
    }

    QueueLedger ledger() {
        return ledger;
    }

    /** Goes on with what an earlier run of the engine had not finished. */
    void restore() {
        admin.restore();
    }

    /**
     * Writes down what is kept of a new queue apart from its messages; false if there is no room for that. What has to be done
     * outside of locks is left to the caller.
     */
    boolean create() {
        final int word = core.enter();
        final boolean created;
        try {
            created = ledger.change(state -> state);
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            core.exit(word);
        }
        core.awaitForced();
        return created;
    }

    /** The queue's mechanics, for its siblings. */
    public SlotQueue slots() {
        return slots;
    }

    SlotUpkeep upkeep() {
        return upkeep;
    }

    Waiters waiters() {
        return waiters;
    }

    QueueListeners listeners() {
        return listeners;
    }

    QueueMeters meters() {
        return meters;
    }

    MessageId idOf(long sequence) {
        return MessageIds.of(core.engineId(), slots.number(), sequence);
    }

    ReceiptHandle receiptOf(long sequence, int receiveCount) {
        return registry.receipts().issue(slots.number(), sequence, receiveCount);
    }

    long wallMs(long engineMs) {
        return core.time().wallMs(engineMs);
    }

    // ---- the gate -------------------------------------------------------------------------------------------------

    private int enter() {
        final int word = core.enter();
        if (slots.isClosed()) {
            core.exit(word);
            throw closed();
        }
        return word;
    }

    /** Leaves the gate and does what had to wait for that. */
    private void exit(int word) {
        core.exit(word);
        core.conductor().runDeferred();
    }

    EngineClosedException closed() {
        return new EngineClosedException("queue", name);
    }

    // ---- send -----------------------------------------------------------------------------------------------------

    @Override
    public SendResult trySend(Message message) {
        final Sending sending = new Sending();
        final SendResult result = write(message, sending);
        if (result.isAccepted()) {
            if (core.isForced()) {
                show(List.of(sending));
            }
            waiters.serve();
        }
        return result;
    }

    /** Writes the message; where it must reach the disk first, {@link #show} makes it visible later. */
    private SendResult write(Message message, Sending sending) {
        Arguments.notNull("message", message);
        final QueueSettings settings = slots.settings();
        if (sizeOf(message) > settings.maxMessageBytes()) {
            core.exit(enter()); // use after close comes first
            return refused(Codes.MESSAGE_TOO_LARGE, message);
        }
        final byte[] properties = RecordProperties.encode(message.attributes());
        final long delayMs = message.delay().map(QueueSettings::toMs).orElse(settings.delayMs());
        long result = append(sending, message, properties, delayMs);
        if (result == Codes.OFF_HEAP_LIMIT || result == Codes.DISK_FULL) {
            core.makeRoom();
            result = append(sending, message, properties, delayMs);
        }
        if (result < 0) {
            return refused(result, message);
        }
        return new SendResult.Accepted(idOf(result));
    }

    /** What counts against the queue's limit: payload, attribute names, types and values. */
    private static long sizeOf(Message message) {
        return (long) message.length() + message.attributes().length();
    }

    private long append(Sending sending, Message message, byte[] properties, long delayMs) {
        int word = enter();
        try {
            long nowMs = core.time().nowMs();
            long sequence = slots.begin(sending, nowMs, wallMs(nowMs), properties, message.length());
            if (sequence < 0) {
                return sequence;
            }
            sending.record()
                    .copyIn(sending.payloadAt(), message::copyTo); // cannot fail: the length is the message's own
            slots.publish(sending, delayMs);
            return sequence;
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            exit(word);
        }
    }

    /** Makes messages visible that were written, when they are on the disk. */
    private void show(List<Sending> written) {
        core.awaitDurable();
        final int word = core.enter(); // even if the queue was deleted: what was written has to end
        boolean shown = true;
        try {
            for (Sending sending : written) {
                shown &= slots.show(sending);
            }
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            exit(word);
        }
        if (!shown) {
            throw closed();
        }
    }

    private SendResult refused(long code, Message message) {
        if (code == Codes.CLOSED) {
            throw closed();
        }
        final QueueSettings settings = slots.settings();
        if (code == Codes.MESSAGE_TOO_LARGE) {
            return new SendResult.Refused(new Refusal(
                    Refusal.Reason.MESSAGE_TOO_LARGE,
                    "queue=" + name + " length=" + sizeOf(message) + " maxMessageBytes=" + settings.maxMessageBytes()));
        }
        if (code == Codes.BACKLOG_LIMIT) {
            return new SendResult.Refused(new Refusal(
                    Refusal.Reason.BACKLOG_LIMIT, "queue=" + name + " maxBacklog=" + settings.maxBacklog()));
        }
        if (code == Codes.DISK_FULL) {
            return new SendResult.Refused(new Refusal(Refusal.Reason.DISK_FULL, "queue=" + name));
        }
        return new SendResult.Refused(
                new Refusal(Refusal.Reason.OFF_HEAP_LIMIT, "queue=" + name + " offHeapLimit=" + core.offHeapLimit()));
    }

    @Override
    public MessageId send(Message message) {
        SendResult result = trySend(message);
        if (result instanceof SendResult.Refused first && first.why().isTransient()) {
            result = sendWithin(message, first, slots.settings().sendTimeoutMs());
        }
        return result.orElseThrow();
    }

    /** Tries again until the bound has passed. On a stepped clock time does not pass meanwhile, so nothing is waited for. */
    private SendResult sendWithin(Message message, SendResult first, long boundMs) {
        final long untilMs = core.time().nowMs() + boundMs;
        final Backoff backoff = new Backoff();
        SendResult result = first;
        while (!result.isAccepted() && !core.time().isStepped() && core.time().nowMs() < untilMs && backoff.pause()) {
            result = trySend(message);
        }
        return result;
    }

    @Override
    public List<SendResult> sendAll(List<Message> batch) {
        Arguments.notNull("batch", batch);
        batch.forEach(message -> Arguments.notNull("message", message)); // before the first is sent
        final List<SendResult> results = new ArrayList<>(batch.size());
        final List<Sending> written = new ArrayList<>(batch.size());
        try {
            for (Message message : List.copyOf(batch)) {
                final Sending sending = new Sending();
                final SendResult result = write(message, sending);
                results.add(result);
                if (result.isAccepted()) {
                    written.add(sending);
                }
            }
        } finally {
            if (core.isForced() && !written.isEmpty()) {
                show(written); // what was written before something failed is sent
            }
            if (!written.isEmpty()) {
                waiters.serve();
            }
        }
        return results;
    }

    // ---- receive --------------------------------------------------------------------------------------------------

    @Override
    public List<Delivery> receive(int max) {
        final ReceiveOptions options = ReceiveOptions.upTo(max);
        return receiveNow(options.max(), slots.settings().visibilityTimeoutMs());
    }

    @Override
    public List<Delivery> receive(int max, Duration wait) {
        return receive(ReceiveOptions.upTo(max).withWait(wait));
    }

    @Override
    public List<Delivery> receive(ReceiveOptions options) {
        final long waitMs = waitMs(options);
        if (waitMs == 0) {
            return receiveNow(options.max(), hiddenMs(options));
        }
        return await(park(options, waitMs));
    }

    @Override
    public CompletableFuture<List<Delivery>> receiveAsync(ReceiveOptions options) {
        final long waitMs = waitMs(options);
        if (waitMs == 0) {
            return CompletableFuture.completedFuture(receiveNow(options.max(), hiddenMs(options)));
        }
        return park(options, waitMs).future();
    }

    private long waitMs(ReceiveOptions options) {
        Arguments.notNull("options", options);
        return options.maxWait()
                .map(QueueSettings::toMs)
                .orElse(slots.settings().receiveWaitMs());
    }

    private long hiddenMs(ReceiveOptions options) {
        final QueueSettings settings = slots.settings();
        final long hiddenMs =
                options.visibilityTimeout().map(QueueSettings::toMs).orElse(settings.visibilityTimeoutMs());
        if (hiddenMs > settings.visibilityCapMs()) {
            throw new IllegalArgumentException("visibilityTimeout must not exceed the queue's cap: visibilityTimeout="
                    + Duration.ofMillis(hiddenMs) + " visibilityCap="
                    + settings.config().visibilityCap());
        }
        return hiddenMs;
    }

    /** Those who wait already come first; else what is there is taken without parking. */
    private Waiter park(ReceiveOptions options, long waitMs) {
        return park(options.max(), hiddenMs(options), core.time().nowMs() + waitMs);
    }

    Waiter park(int max, long hiddenMs, long untilMs) {
        core.exit(enter()); // use after close is refused here, not after the wait
        if (waiters.count() == 0) {
            final List<Delivery> there = claimAndHelp(max, hiddenMs).deliveries();
            if (!there.isEmpty()) {
                return waiters.served(there);
            }
        }
        return waiters.park(max, hiddenMs, untilMs);
    }

    private List<Delivery> await(Waiter waiter) {
        if (core.time().clock() instanceof SteppedClock stepped) {
            stepped.beforeWait(waiter.future()::isDone);
        }
        try {
            return waiter.future().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return waiter.future().cancel(false) ? List.of() : resultOf(waiter.future());
        } catch (ExecutionException e) {
            return resultOf(waiter.future());
        }
    }

    /** What a completed wait gave; the exception that ended it, without wrapping. */
    private static List<Delivery> resultOf(CompletableFuture<List<Delivery>> completed) {
        try {
            return completed.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof EngineException ended ? ended : e;
        }
    }

    private List<Delivery> receiveNow(int max, long hiddenMs) {
        final Claimed claimed = claimAndHelp(max, hiddenMs);
        serveIfLimited(); // while it was under way it held more places than it used
        if (claimed.code() == Codes.IN_FLIGHT_LIMIT) {
            throw new ReceiveRefusedException(new Refusal(
                    Refusal.Reason.IN_FLIGHT_LIMIT,
                    "queue=" + name + " maxInFlight=" + slots.settings().maxInFlight()));
        }
        return claimed.deliveries();
    }

    /** What a claim gave: deliveries, or a negative code and none. */
    private record Claimed(int code, List<Delivery> deliveries) {}

    /** Claims; where nothing is there, runs what is due and claims once more. */
    private Claimed claimAndHelp(int max, long hiddenMs) {
        final long nowMs = core.time().nowMs();
        Claimed claimed = claim(max, nowMs, hiddenMs);
        if (claimed.deliveries().isEmpty() && core.conductor().helpIfDue(nowMs)) {
            claimed = claim(max, core.time().nowMs(), hiddenMs);
        }
        if (hiddenMs == 0 && !claimed.deliveries().isEmpty()) {
            core.conductor().helpIfDue(core.time().nowMs()); // visible again at once
        }
        return claimed;
    }

    /** Claims; goes on where a claim stopped because it had moved as many dead letters as one may. */
    private Claimed claim(int max, long nowMs, long hiddenMs) {
        DeliveryCollector collector = new DeliveryCollector(this, core.log(), max);
        int code;
        int rounds = 0;
        do {
            int word = enter();
            try {
                code = slots.claim(max - collector.deliveries().size(), nowMs, hiddenMs, collector);
            } catch (InternalError e) {
                throw core.pageFailed(e);
            } finally {
                core.exit(word);
            }
        } while (collector.movedAll() && collector.deliveries().size() < max && ++rounds < ClaimSink.MOST_CLAIMS);
        core.conductor().runDeferred(); // not in between: what is visible again at once would be claimed twice
        final List<Delivery> deliveries = collector.deliveries();
        return new Claimed(deliveries.isEmpty() ? code : deliveries.size(), deliveries); // a later round may be refused
    }

    /** Claims for waiters, and takes back what a cancelled waiter did not take. */
    private final class WaiterClaims implements Waiters.Claimer {
        @Override
        public List<Delivery> claim(Waiter waiter) {
            try {
                return claimAndHelp(waiter.max(), waiter.hiddenMs()).deliveries();
            } catch (EngineClosedException | EngineFailedException e) {
                return List.of(); // whoever closes tells the waiters
            }
        }

        @Override
        public void giveBack(List<Delivery> deliveries) {
            try {
                HeapQueue.this.giveBack(deliveries);
            } catch (EngineClosedException | EngineFailedException e) {
                // The messages are gone with their queue.
            }
        }
    }

    /** Undoes receives that reached nobody. */
    void giveBack(List<Delivery> deliveries) {
        final int word = enter();
        try {
            for (Delivery delivery : deliveries) {
                final HeapDelivery mine = (HeapDelivery) delivery;
                slots.unclaim(mine.sequence(), mine.control());
            }
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            exit(word);
        }
    }

    // ---- ends -----------------------------------------------------------------------------------------------------

    private long sequenceOf(ReceiptHandle receipt) {
        return registry.receipts().sequenceOf(Arguments.notNull("receipt", receipt), name, slots.number());
    }

    boolean ackSequence(long sequence) {
        final boolean acked = ackNow(sequence);
        if (acked) {
            awaitAcks();
            serveIfLimited();
        }
        return acked;
    }

    /** Acknowledges deliveries of this queue. */
    void ackAllOf(List<Delivery> deliveries) {
        ackSequences(deliveries.stream()
                .map(delivery -> ((HeapDelivery) delivery).sequence())
                .toList());
    }

    private List<Boolean> ackSequences(List<Long> sequences) {
        final List<Boolean> acked = new ArrayList<>(sequences.size());
        try {
            for (long sequence : sequences) {
                acked.add(ackNow(sequence));
            }
        } finally {
            if (acked.contains(true)) {
                awaitAcks();
                serveIfLimited();
            }
        }
        return acked;
    }

    private boolean ackNow(long sequence) {
        final int word = enter();
        try {
            return slots.ack(sequence);
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            exit(word);
        }
    }

    /** Returns when acknowledgements are as durable as the engine promises, or at once if the queue asks for less. */
    private void awaitAcks() {
        if (slots.settings().acksWait()) {
            core.awaitDurable();
        }
    }

    /** Called when places in flight may have become free, for which receivers may wait. */
    void serveIfLimited() {
        if (slots.settings().maxInFlight() != Long.MAX_VALUE) {
            waiters.serve();
        }
    }

    boolean changeVisibility(long sequence, Duration duration) {
        long hiddenMs = hiddenMs(duration);
        if (hiddenMs > slots.settings().visibilityCapMs()) {
            throw beyondCap(duration);
        }
        SlotQueue.Change change = change(sequence, hiddenMs);
        if (change == SlotQueue.Change.BEYOND_CAP) {
            throw beyondCap(duration);
        }
        return change == SlotQueue.Change.DONE;
    }

    private long hiddenMs(Duration duration) {
        Arguments.notNull("duration", duration);
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration must not be negative: duration=" + duration);
        }
        return duration.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : QueueSettings.toMs(duration);
    }

    private IllegalArgumentException beyondCap(Duration duration) {
        return new IllegalArgumentException("the message would stay hidden longer than the queue's cap: queue=" + name
                + " duration=" + duration + " visibilityCap="
                + slots.settings().config().visibilityCap());
    }

    private SlotQueue.Change change(long sequence, long hiddenMs) {
        int word = enter();
        SlotQueue.Change change;
        try {
            change = slots.changeVisibility(sequence, core.time().nowMs(), hiddenMs);
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            exit(word);
        }
        if (hiddenMs == 0) {
            waiters.serve();
        }
        return change;
    }

    boolean deadLetterSequence(long sequence, String reason) {
        Arguments.notNull("reason", reason);
        if (reason.isEmpty() || reason.length() > MAX_REASON_CHARS) {
            throw new IllegalArgumentException(
                    "reason must have 1 to " + MAX_REASON_CHARS + " characters: length=" + reason.length());
        }
        final int word = enter();
        final Optional<DeadLetters.Move> moved;
        try {
            moved = slots.moveFlight(
                    sequence,
                    core.time().nowMs(),
                    (region, slot, number, control, nowMs) -> registry.mover()
                            .deadLetter(this, region, slot, number, control, nowMs, Optional.of(reason)));
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            exit(word);
        }
        serveIfLimited();
        final boolean isMoved = moved.map(this::requireMoved).orElse(false);
        if (isMoved) {
            core.awaitDurable();
        }
        return isMoved;
    }

    private boolean requireMoved(DeadLetters.Move move) {
        String detail =
                "queue=" + name + " redrive=" + slots.settings().config().redrive();
        return switch (move) {
            case MOVED -> true;
            case NO_TARGET ->
                throw new IllegalStateException("queue has no dead-letter queue that takes its messages: " + detail);
            case BACKLOG_LIMIT -> throw new SendRefusedException(new Refusal(Refusal.Reason.BACKLOG_LIMIT, detail));
            case OFF_HEAP_LIMIT -> throw new SendRefusedException(new Refusal(Refusal.Reason.OFF_HEAP_LIMIT, detail));
            case DISK_FULL -> throw new SendRefusedException(new Refusal(Refusal.Reason.DISK_FULL, detail));
        };
    }

    @Override
    public boolean ack(ReceiptHandle receipt) {
        return ackSequence(sequenceOf(receipt));
    }

    @Override
    public List<Boolean> ackAll(List<ReceiptHandle> receipts) {
        return List.copyOf(ackSequences(sequencesOf(receipts)));
    }

    /** All receipts are checked before any is used. */
    private List<Long> sequencesOf(List<ReceiptHandle> receipts) {
        return Arguments.notNull("receipts", receipts).stream()
                .map(this::sequenceOf)
                .toList();
    }

    @Override
    public boolean retryAfter(ReceiptHandle receipt, Duration delay) {
        return changeVisibility(sequenceOf(receipt), delay);
    }

    @Override
    public boolean extend(ReceiptHandle receipt, Duration more) {
        return changeVisibility(sequenceOf(receipt), more);
    }

    @Override
    public List<Boolean> retryAllAfter(List<ReceiptHandle> receipts, Duration delay) {
        long hiddenMs = hiddenMs(delay);
        if (hiddenMs > slots.settings().visibilityCapMs()) {
            throw beyondCap(delay);
        }
        return sequencesOf(receipts).stream()
                .map(sequence -> change(sequence, hiddenMs) == SlotQueue.Change.DONE)
                .toList();
    }

    @Override
    public List<Boolean> extendAll(List<ReceiptHandle> receipts, Duration more) {
        return retryAllAfter(receipts, more);
    }

    @Override
    public boolean deadLetter(ReceiptHandle receipt, String reason) {
        return deadLetterSequence(sequenceOf(receipt), reason);
    }

    // ---- the rest -------------------------------------------------------------------------------------------------

    @Override
    public QueueConsumer consume(ConsumerConfig config, MessageHandler handler) {
        core.exit(enter()); // use after close is refused here
        return listeners.start(config, handler);
    }

    @Override
    public RawQueue raw() {
        return new SlotRawQueue(core, name, slots, waiters, deadLetters, this::idOf);
    }

    @Override
    public QueueAdmin admin() {
        return admin;
    }

    @Override
    public String toString() {
        return "MessageQueue[" + name + "]";
    }
}
