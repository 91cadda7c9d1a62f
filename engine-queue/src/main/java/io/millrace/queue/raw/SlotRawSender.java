package io.millrace.queue.raw;

import io.millrace.api.Attributes;
import io.millrace.api.check.Arguments;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.RawSender;
import io.millrace.core.EngineCore;
import io.millrace.core.codec.RecordProperties;
import io.millrace.core.concurrent.GateMember;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.log.RecordLog;
import io.millrace.core.log.SegmentViews;
import io.millrace.queue.slots.Sending;
import io.millrace.queue.slots.SlotQueue;
import io.millrace.queue.waiting.Waiters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Sends by writing records in place. Confined to one thread. */
final class SlotRawSender implements RawSender {
    static final long MAX_DELAY_MS = 90L * 24 * 60 * 60 * 1000;

    private static final byte[] NO_PROPERTIES = new byte[0];

    private final EngineCore core;
    private final OperationGate gate;
    private final RecordLog log;
    private final SlotQueue slots;
    private final Waiters waiters;
    private final String queue;
    private final GateMember member;
    private final SegmentViews views;
    private final Confinement confinement = new Confinement();
    private final Sending offered = new Sending();
    private final List<SlotClaim> open = new ArrayList<>();
    private boolean closed;

    SlotRawSender(SlotRawQueue raw) {
        core = raw.core();
        gate = core.gate();
        log = core.log();
        slots = raw.slots();
        waiters = raw.waiters();
        queue = raw.name();
        views = new SegmentViews(log, false);
        member = gate.join();
    }

    private boolean enter() {
        confinement.check("raw sender");
        if (closed || !gate.enter(member)) {
            core.requireSound();
            return false;
        }
        return true;
    }

    /** Makes a message visible when it is as durable as the engine promises; called outside the gate. */
    private long show(Sending sending) {
        long sequence = sending.sequence(); // what runs below may be a user who sends with this sender
        if (core.isForced()) {
            core.awaitForced();
            if (!enter()) {
                return Codes.CLOSED;
            }
            try {
                if (!slots.show(sending)) {
                    return Codes.CLOSED;
                }
            } catch (InternalError e) {
                throw core.pageFailed(e);
            } finally {
                gate.exit(member);
            }
            core.conductor().runDeferred();
        }
        waiters.serve();
        return sequence;
    }

    @Override
    public long offer(ByteBuffer source, int offset, int length) {
        return offer(source, offset, length, slots.settings().delayMs());
    }

    @Override
    public long offer(ByteBuffer source, int offset, int length, long delayMs) {
        Arguments.notNull("source", source);
        long code = checkLength(length, 0);
        Objects.checkFromIndexSize(offset, length, source.limit());
        checkDelay(delayMs);
        if (code < 0) {
            return code;
        }
        try {
            long sequence = append(source, offset, length, delayMs);
            if (sequence == Codes.OFF_HEAP_LIMIT || sequence == Codes.DISK_FULL) {
                core.makeRoom();
                sequence = append(source, offset, length, delayMs);
            }
            return sequence < 0 ? sequence : show(offered);
        } catch (InternalError e) {
            throw core.pageFailed(e);
        }
    }

    private long append(ByteBuffer source, int offset, int length, long delayMs) {
        if (!enter()) {
            return Codes.CLOSED;
        }
        try {
            long nowMs = core.time().nowMs();
            long sequence = slots.begin(offered, nowMs, core.time().wallMs(nowMs), NO_PROPERTIES, length);
            if (sequence >= 0) {
                copyIn(source, offset, length);
                slots.publish(offered, delayMs);
            }
            return sequence;
        } finally {
            gate.exit(member);
        }
    }

    /** The user's memory may fail under our hands (a closed arena); then there is no message. */
    private void copyIn(ByteBuffer source, int offset, int length) {
        boolean copied = false;
        try {
            offered.record().copyIn(offered.payloadAt(), source, offset, length);
            copied = true;
        } finally {
            if (!copied) {
                slots.abort(offered);
            }
        }
    }

    private long checkLength(int length, int attributesLength) {
        if (length < 1) {
            throw new IllegalArgumentException("payload must not be empty: length=" + length);
        }
        return (long) length + attributesLength > slots.settings().maxMessageBytes() ? Codes.MESSAGE_TOO_LARGE : 0;
    }

    private static void checkDelay(long delayMs) {
        if (delayMs < 0 || delayMs > MAX_DELAY_MS) {
            throw new IllegalArgumentException(
                    "delayMs must be between 0 and " + MAX_DELAY_MS + ": delayMs=" + delayMs);
        }
    }

    @Override
    public Claim newClaim() {
        return new SlotClaim();
    }

    @Override
    public long tryClaim(int length, Claim claim) {
        SlotClaim mine = mine(claim);
        mine.requireClosed();
        long code = checkLength(length, mine.attributesLength);
        if (code < 0) {
            return code;
        }
        long sequence = claim(mine, length);
        if (sequence == Codes.OFF_HEAP_LIMIT || sequence == Codes.DISK_FULL) {
            core.makeRoom();
            mine.requireClosed(); // making room may have completed a future here, whose user took the claim
            sequence = claim(mine, length);
        }
        return sequence;
    }

    private long claim(SlotClaim mine, int length) {
        if (!enter()) {
            return Codes.CLOSED;
        }
        try {
            return mine.open(length);
        } catch (InternalError e) {
            throw core.pageFailed(e);
        } finally {
            gate.exit(member);
        }
    }

    private SlotClaim mine(Claim claim) {
        if (claim instanceof SlotClaim slotClaim && slotClaim.sender() == this) {
            return slotClaim;
        }
        Arguments.notNull("claim", claim);
        throw new IllegalArgumentException("claim is not of this sender: queue=" + queue);
    }

    @Override
    public void close() {
        if (!closed) {
            confinement.check("raw sender");
            List.copyOf(open).forEach(SlotClaim::abort);
            closed = true;
            gate.leave(member);
        }
    }

    /**
     * Room for one message. While one is open its segment is lent: the record in it is alive, so only close() could free the
     * memory, and it waits for loans.
     */
    private final class SlotClaim implements Claim {
        private static final long QUEUE_DELAY = -1L;

        private long delayMs = QUEUE_DELAY;
        private byte[] properties = NO_PROPERTIES;
        private int attributesLength;
        private final Sending sending = new Sending();
        private int length;
        private int offset;
        private ByteBuffer view = ByteBuffer.allocate(0);
        private boolean isOpen;

        SlotRawSender sender() {
            return SlotRawSender.this;
        }

        long open(int payloadLength) {
            long nowMs = core.time().nowMs();
            long taken = slots.begin(sending, nowMs, core.time().wallMs(nowMs), properties, payloadLength);
            if (taken < 0) {
                return taken;
            }
            length = payloadLength;
            offset = sending.payloadAt();
            view = views.of(sending.position());
            view.limit(offset + length);
            isOpen = true;
            open.add(this);
            RecordLog.lend(member, sending.position());
            return taken;
        }

        @Override
        public long commit() {
            requireOpen();
            if (!enter()) {
                end();
                core.releaseUnlessLent();
                return Codes.CLOSED;
            }
            try {
                if (slots.isClosed()) {
                    slots.abortRecord(sending);
                    return Codes.CLOSED;
                }
                sending.restamp(core.time().nowMs());
                long delay = delayMs == QUEUE_DELAY ? slots.settings().delayMs() : delayMs;
                slots.publish(sending, delay);
            } catch (InternalError e) {
                throw core.pageFailed(e);
            } finally {
                end();
                gate.exit(member);
            }
            return show(sending);
        }

        @Override
        public void abort() {
            if (!isOpen) {
                return;
            }
            if (!enter()) {
                end();
                core.releaseUnlessLent();
                return;
            }
            try {
                if (slots.isClosed()) {
                    slots.abortRecord(sending);
                } else {
                    slots.abort(sending);
                }
            } catch (InternalError e) {
                throw core.pageFailed(e);
            } finally {
                end();
                gate.exit(member);
            }
        }

        /** Ends the loan. */
        private void end() {
            isOpen = false;
            delayMs = QUEUE_DELAY;
            properties = NO_PROPERTIES;
            attributesLength = 0;
            view.limit(0);
            open.remove(this);
            if (open.isEmpty()) {
                member.endLoan();
            }
        }

        @Override
        public Claim delayMs(long newDelayMs) {
            requireClosed();
            checkDelay(newDelayMs);
            delayMs = newDelayMs;
            return this;
        }

        @Override
        public Claim attributes(Attributes attributes) {
            requireClosed();
            properties = RecordProperties.encode(Arguments.notNull("attributes", attributes));
            attributesLength = attributes.length();
            return this;
        }

        @Override
        public boolean isOpen() {
            return isOpen;
        }

        private void requireOpen() {
            if (!isOpen) {
                throw new IllegalStateException("claim is not open: queue=" + queue);
            }
        }

        private void requireClosed() {
            if (isOpen) {
                throw new IllegalStateException(
                        "claim is still open: queue=" + queue + " sequence=" + sending.sequence());
            }
        }

        @Override
        public ByteBuffer buffer() {
            requireOpen();
            return view;
        }

        @Override
        public int offset() {
            requireOpen();
            return offset;
        }

        @Override
        public int length() {
            requireOpen();
            return length;
        }

        @Override
        public long sequence() {
            requireOpen();
            return sending.sequence();
        }
    }
}
