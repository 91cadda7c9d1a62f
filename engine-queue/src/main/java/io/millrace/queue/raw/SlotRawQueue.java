package io.millrace.queue.raw;

import io.millrace.api.MessageId;
import io.millrace.api.raw.RawQueue;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import io.millrace.core.EngineCore;
import io.millrace.queue.slots.DeadLetters;
import io.millrace.queue.slots.SlotQueue;
import io.millrace.queue.waiting.Waiters;
import java.util.function.LongFunction;

/** Opens senders and receivers of a queue. Thread-safe. */
public record SlotRawQueue(
        EngineCore core,
        String name,
        SlotQueue slots,
        Waiters waiters,
        DeadLetters deadLetters,
        LongFunction<MessageId> ids)
        implements RawQueue {
    @Override
    public RawSender sender() {
        return new SlotRawSender(this);
    }

    @Override
    public RawReceiver receiver() {
        return new SlotRawReceiver(this);
    }
}
