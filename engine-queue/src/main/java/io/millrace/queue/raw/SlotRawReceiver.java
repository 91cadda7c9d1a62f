package io.millrace.queue.raw;

import io.millrace.api.Attributes;
import io.millrace.api.MessageId;
import io.millrace.api.check.Arguments;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawDelivery;
import io.millrace.api.raw.RawHandler;
import io.millrace.api.raw.RawReceiver;
import io.millrace.core.EngineCore;
import io.millrace.core.codec.RecordProperties;
import io.millrace.core.concurrent.GateMember;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.RecordLog;
import io.millrace.core.log.SegmentViews;
import io.millrace.core.memory.Region;
import io.millrace.queue.slots.ClaimSink;
import io.millrace.queue.slots.ClaimedRun;
import io.millrace.queue.slots.DeadLetters;
import io.millrace.queue.slots.EndedRun;
import io.millrace.queue.slots.SlotQueue;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Polls by claiming a run of messages, lending each, and ending them together. Confined to one thread. */
// A poll enters the gate twice: to claim, and to carry out what the handler said. In between, user code runs under
// a hazard word that names the segment of the message it looks at; when the next message lies in another segment,
// the loan moves, inside the gate and after a look that the flight is still ours. Slabs are not freed while
// anything is lent, so the control word may be read outside the gate; a generation that has changed says that the
// message has gone.
final class SlotRawReceiver implements RawReceiver {
    /** Most messages of one poll; a larger limit is served by the next. */
    static final int MAX_RUN = 1024;

    private static final int FLIGHT_BITS = 10;
    private static final int NOT_HANDED_OUT = -1;

    private final EngineCore core;
    private final OperationGate gate;
    private final RecordLog log;
    private final SlotQueue slots;
    private final SlotRawQueue raw;
    private final GateMember member;
    private final SegmentViews views;
    private final Confinement confinement = new Confinement();
    private final ClaimedRun run = new ClaimedRun();
    private final ClaimSink sink = run;
    private final EndedRun ended;
    private final LentDelivery delivery = new LentDelivery();
    private final @Nullable Disposition[] answers = new @Nullable Disposition[MAX_RUN];
    private boolean polling;
    private boolean closed;

    SlotRawReceiver(SlotRawQueue raw) {
        this.raw = raw;
        core = raw.core();
        gate = core.gate();
        log = core.log();
        slots = raw.slots();
        ended = new EndedRun(log, slots);
        views = new SegmentViews(log, true);
        member = gate.join();
    }

    @Override
    public int poll(RawHandler handler, int limit) {
        Arguments.notNull("handler", handler);
        confinement.check("raw receiver");
        if (limit < 1 || limit > 1_000_000) {
            throw new IllegalArgumentException("limit must be between 1 and 1000000: limit=" + limit);
        }
        if (closed) {
            return (int) Codes.CLOSED;
        }
        if (polling) {
            throw new IllegalStateException("receiver is polled by its own handler: queue=" + raw.name());
        }
        polling = true;
        try {
            int claimed = claim(Math.min(limit, MAX_RUN));
            return claimed <= 0 ? claimed : handOut(handler);
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            polling = false;
            if (closed) {
                gate.leave(member); // closed by its own handler
            }
        }
    }

    private int claim(int max) {
        long nowMs = core.time().nowMs();
        int claimed = claimAt(max, nowMs);
        if (claimed == 0 && core.conductor().helpIfDue(nowMs)) {
            claimed = claimAt(max, core.time().nowMs());
        }
        return claimed;
    }

    /** Claims; goes on where a claim stopped because it had moved as many dead letters as one may. */
    private int claimAt(int max, long nowMs) {
        run.clear();
        int code;
        int rounds = 0;
        do {
            code = claimOnce(max - run.count(), nowMs);
        } while (code >= 0 && run.movedAll() && run.count() < max && ++rounds < ClaimSink.MOST_CLAIMS);
        if (run.count() == 0) {
            core.conductor().runDeferred(); // else after the messages were handed out
            return code;
        }
        return run.count();
    }

    private int claimOnce(int max, long nowMs) {
        if (!gate.enter(member)) {
            core.requireSound();
            return (int) Codes.CLOSED;
        }
        try {
            int claimed = slots.claim(max, nowMs, slots.settings().visibilityTimeoutMs(), sink);
            if (run.count() > 0) {
                RecordLog.lend(member, run.position(0));
            }
            return claimed;
        } finally {
            gate.exit(member);
        }
    }

    private int handOut(RawHandler handler) {
        int count = run.count();
        int handed = 0;
        int done = 0;
        int lent = RecordLog.segmentOf(run.position(0));
        ByteBuffer view = views.of(run.position(0));
        try {
            for (; handed < count; handed++) {
                answers[handed] = null;
                if (handed > 0 && !isReadable(handed, lent)) {
                    continue;
                }
                int segment = RecordLog.segmentOf(run.position(handed));
                if (segment != lent) {
                    view.limit(0);
                    lent = segment;
                    view = views.of(run.position(handed));
                }
                Disposition answer = call(handler, view, handed, handed == count - 1);
                answers[handed] = answer;
                if (answer == Disposition.STOP) {
                    break;
                }
                done++;
            }
        } finally {
            view.limit(0);
            settle(handed);
        }
        return done;
    }

    private Disposition call(RawHandler handler, ByteBuffer view, int index, boolean endOfPoll) {
        long position = run.position(index);
        int at = RecordLog.offsetOf(position);
        Region record = log.region(position);
        int payloadLength = record.intPlain(at + RecordLayout.PAYLOAD_LENGTH_OFFSET);
        int offset = RecordLayout.payloadAt(record, at);
        view.limit(offset + payloadLength);
        delivery.show(index);
        return handler.onMessage(delivery, view, offset, payloadLength, endOfPoll);
    }

    /** Whether a message is still ours and its segment is lent, if need be from now on. */
    private boolean isReadable(int index, int lent) {
        return isCurrent(index) && (RecordLog.segmentOf(run.position(index)) == lent || moveLoan(index));
    }

    /**
     * Whether a flight is still ours. The record may have been moved since, so its position is read before: if the flight is
     * ours after that, it was ours then, and the record lay there.
     */
    private boolean isCurrent(int index) {
        run.position(index, slots.position(run.block(index), run.slot(index)));
        return slots.isFlight(run.block(index), run.slot(index), run.control(index));
    }

    /** Lends the segment of another message; false if its flight is over. */
    private boolean moveLoan(int index) {
        if (!gate.enter(member)) {
            return false;
        }
        try {
            boolean current = isCurrent(index);
            if (current) {
                RecordLog.lend(member, run.position(index));
            }
            return current;
        } finally {
            gate.exit(member);
        }
    }

    /**
     * Carries out the answers up to {@code last}; what comes behind was not handed out and goes back. If the handler threw,
     * {@code last} has no answer and stays in flight.
     */
    private void settle(int last) {
        boolean deadLetters = false;
        boolean acked = false;
        if (gate.enter(member)) {
            try {
                acked = slots.ackAll(run, answers, Math.min(last + 1, run.count()), ended);
                for (int i = 0; i < run.count(); i++) {
                    deadLetters |= settleOther(i, last);
                }
            } finally {
                member.endLoan();
                gate.exit(member);
            }
            awaitAcks(acked);
            raw.waiters().serve();
            core.conductor().runDeferred();
        } else {
            member.endLoan();
            core.releaseUnlessLent();
        }
        if (deadLetters) {
            throw new IllegalStateException(
                    "queue has no dead-letter queue that takes its messages: queue=" + raw.name());
        }
    }

    /** Returns when acknowledgements are as durable as the engine promises, or at once if the queue asks for less. */
    private void awaitAcks(boolean any) {
        if (any && core.isForced() && slots.settings().acksWait()) {
            core.awaitDurable();
        }
    }

    /** Everything but ACK; true if a message should have been dead-lettered and could not. */
    private boolean settleOther(int index, int last) {
        Disposition answer = index > last ? Disposition.STOP : answers[index];
        if (answer == Disposition.RETRY) {
            slots.releaseFlight(run.block(index), run.slot(index), run.sequence(index), run.control(index));
        } else if (answer == Disposition.STOP) {
            slots.unclaim(run.block(index), run.slot(index), run.sequence(index), run.control(index));
        } else if (answer == Disposition.DEAD_LETTER) {
            Optional<DeadLetters.Move> moved =
                    slots.moveFlight(run.sequence(index), core.time().nowMs(), raw.deadLetters());
            return moved.isPresent() && moved.get() == DeadLetters.Move.NO_TARGET;
        }
        return false;
    }

    // ---- by delivery number ---------------------------------------------------------------------------------------

    @Override
    public long ack(long deliveryNumber) {
        if (!enter(deliveryNumber)) {
            return Codes.CLOSED;
        }
        boolean acked = false;
        try {
            acked = slots.ack(deliveryNumber >>> FLIGHT_BITS);
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            gate.exit(member);
        }
        awaitAcks(acked);
        raw.waiters().serve(); // a place in flight may have become free
        return acked ? 0 : Codes.STALE;
    }

    private boolean enter(long deliveryNumber) {
        confinement.check("raw receiver");
        if (deliveryNumber < 0) {
            throw new IllegalArgumentException("deliveryNumber must not be negative: deliveryNumber=" + deliveryNumber);
        }
        if (closed || !gate.enter(member)) {
            core.requireSound();
            return false;
        }
        if (slots.isClosed()) {
            gate.exit(member);
            return false;
        }
        return true;
    }

    @Override
    public long retryAfter(long deliveryNumber, long delayMs) {
        return change(deliveryNumber, "delayMs", delayMs);
    }

    @Override
    public long extend(long deliveryNumber, long visibilityTimeoutMs) {
        return change(deliveryNumber, "visibilityTimeoutMs", visibilityTimeoutMs);
    }

    private long change(long deliveryNumber, String name, long hiddenMs) {
        if (hiddenMs < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + name + "=" + hiddenMs);
        }
        if (!enter(deliveryNumber)) {
            return Codes.CLOSED;
        }
        SlotQueue.Change change;
        try {
            change = slots.changeVisibility(
                    deliveryNumber >>> FLIGHT_BITS, core.time().nowMs(), hiddenMs);
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            gate.exit(member);
        }
        raw.waiters().serve();
        if (change == SlotQueue.Change.BEYOND_CAP) {
            throw new IllegalArgumentException("the message would stay hidden longer than the queue's cap: " + name
                    + "=" + hiddenMs + " visibilityCapMs=" + slots.settings().visibilityCapMs());
        }
        return change == SlotQueue.Change.DONE ? 0 : Codes.STALE;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (!polling) {
                gate.leave(member);
            }
        }
    }

    /** The message that the handler looks at. */
    private final class LentDelivery implements RawDelivery {
        private int index = NOT_HANDED_OUT;

        void show(int newIndex) {
            index = newIndex;
        }

        private Region record() {
            return log.region(run.position(index));
        }

        private int at() {
            return RecordLog.offsetOf(run.position(index));
        }

        private RecordProperties properties() {
            int length = record().intPlain(at() + RecordLayout.PROPERTIES_LENGTH_OFFSET);
            byte[] bytes = new byte[length];
            record().copyOut(RecordLayout.propertiesAt(record(), at()), bytes, 0, length);
            return RecordProperties.decode(bytes);
        }

        @Override
        public long deliveryNumber() {
            return run.sequence(index) << FLIGHT_BITS | run.flight(index);
        }

        @Override
        public long sequence() {
            return run.sequence(index);
        }

        @Override
        public int receiveCount() {
            return run.receiveCount(index);
        }

        @Override
        public long sentAtMs() {
            return record().longPlain(at() + RecordLayout.SENT_MS_OFFSET);
        }

        @Override
        public Attributes attributes() {
            return properties().decodedAttributes();
        }

        @Override
        public MessageId id() {
            return properties().originalId().orElseGet(() -> raw.ids().apply(run.sequence(index)));
        }
    }
}
