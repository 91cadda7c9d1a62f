package io.millrace.queue;

import io.millrace.api.raw.Codes;
import io.millrace.core.EngineCore;
import io.millrace.core.codec.RecordProperties;
import io.millrace.core.codec.RecordProperties.Origin;
import io.millrace.core.log.Fate;
import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.RecordLog;
import io.millrace.core.memory.Region;
import io.millrace.core.slot.SlotLayout;
import io.millrace.queue.slots.DeadLetters.Move;
import io.millrace.queue.slots.Sending;
import io.millrace.queue.slots.SlotQueue;
import java.util.Optional;

/**
 * Copies a message from one queue to another inside the log: to a dead-letter queue with its identity, or back from there
 * as a new message. Thread-safe; called inside the gate by the owner of a slot in state MOVING.
 */
final class MessageMover {
    private final EngineCore core;
    private final QueueRegistry registry;

    MessageMover(EngineCore core, QueueRegistry registry) {
        this.core = core;
        this.registry = registry;
    }

    /** Moves a message to the dead-letter queue of {@code from}: id, sent time, retention and receive count go with it. */
    Move deadLetter(
            HeapQueue from, Region region, int slot, long sequence, long control, long nowMs, Optional<String> reason) {
        Optional<HeapQueue> target = from.slots()
                .settings()
                .config()
                .redrive()
                .flatMap(policy -> registry.find(policy.deadLetterQueue()))
                .filter(queue ->
                        queue.slots().settings().config().redriveAllow().allows(from.name()));
        if (target.isEmpty()) {
            return Move.NO_TARGET;
        }
        RecordProperties properties = propertiesOf(region, slot).deadLettered(from.idOf(sequence), from.name(), reason);
        long position = SlotQueue.position(region, slot);
        Origin origin = new Origin(from.slots().number(), sequence);
        long sentMs = core.log().region(position).longPlain(RecordLog.offsetOf(position) + RecordLayout.SENT_MS_OFFSET);
        return copy(
                from,
                target.get(),
                properties,
                origin,
                position,
                nowMs,
                sentMs,
                region.longPlain(slot + SlotLayout.ENQUEUED_MS_OFFSET),
                SlotQueue.receiveCount(region, slot, control),
                region.longOpaque(slot + SlotLayout.FIRST_RECEIVED_MS_OFFSET));
    }

    /** Sends the message of a slot to another queue as a new one: new id, new retention, never received. */
    Move sendAnew(HeapQueue from, HeapQueue target, Region region, int slot, long sequence, long nowMs) {
        long position = SlotQueue.position(region, slot);
        return copy(
                from,
                target,
                propertiesOf(region, slot).anew(),
                new Origin(from.slots().number(), sequence),
                position,
                nowMs,
                core.time().wallMs(nowMs),
                nowMs,
                0,
                0);
    }

    /** The optional parts of the message in a slot. */
    RecordProperties propertiesOf(Region region, int slot) {
        long position = SlotQueue.position(region, slot);
        Region record = core.log().region(position);
        int at = RecordLog.offsetOf(position);
        int length = record.intPlain(at + RecordLayout.PROPERTIES_LENGTH_OFFSET);
        return RecordProperties.decode(DeliveryCollector.copy(record, RecordLayout.propertiesAt(record, at), length));
    }

    private static byte[] inPlaceOf(RecordProperties properties, Origin origin) {
        return properties.inPlaceOf(origin.queue(), origin.sequence()).encode();
    }

    private static Move refusal(long code) {
        if (code == Codes.CLOSED) {
            return Move.NO_TARGET;
        }
        if (code == Codes.BACKLOG_LIMIT) {
            return Move.BACKLOG_LIMIT;
        }
        return code == Codes.DISK_FULL ? Move.DISK_FULL : Move.OFF_HEAP_LIMIT;
    }

    /**
     * Copies the record at {@code position}, and ends it when the copy is as durable as the engine promises. In a durable log the copy names the message whose place it takes, so that a restart in
     * between leaves one of the two.
     *
     * @param sentMs wall-clock stamp of the copy
     * @param enqueuedMs engine time at which its retention starts
     */
    private Move copy(
            HeapQueue from,
            HeapQueue to,
            RecordProperties properties,
            Origin origin,
            long position,
            long nowMs,
            long sentMs,
            long enqueuedMs,
            int receiveCount,
            long firstReceivedMs) {
        Region source = core.log().region(position);
        int at = RecordLog.offsetOf(position);
        int payloadLength = source.intPlain(at + RecordLayout.PAYLOAD_LENGTH_OFFSET);
        int payloadAt = RecordLayout.payloadAt(source, at);
        Sending sending = new Sending();
        long result = core.log().fates() == null
                ? to.slots().begin(sending, nowMs, sentMs, properties.encode(), payloadLength)
                : to.slots().beginMove(sending, nowMs, sentMs, inPlaceOf(properties, origin), payloadLength);
        if (result < 0) {
            return refusal(result);
        }
        source.copyTo(payloadAt, sending.record(), sending.payloadAt(), payloadLength);
        to.slots().commitMoved(sending, enqueuedMs, receiveCount, firstReceivedMs);
        core.afterForce(() -> {
            core.conductor()
                    .defer(
                            () -> { // first: nothing behind it can fail for want of memory
                                core.conductor().helpIfDue(nowMs); // it may be past the other queue's retention
                                to.waiters().serve();
                            });
            to.slots().showMoved(sending, enqueuedMs, receiveCount, firstReceivedMs);
            from.slots().release(position, Fate.End.MOVED); // in one go: whoever ends the copy finds its original ended
        });
        return Move.MOVED;
    }
}
