package io.millrace.bench.run;

import io.millrace.api.queue.MessageQueue;
import java.util.Locale;

/** The two ways to use a queue. Each sender and receiver belongs to the thread that opens it. */
public enum Tier {
    /** Without copies on the heap: {@code queue.raw()}. */
    RAW {
        @Override
        MessageSender sender(MessageQueue queue, Payload payload) {
            return new RawMessageSender(queue.raw().sender(), payload);
        }

        @Override
        MessageReceiver receiver(MessageQueue queue, Arrivals arrivals, boolean acksTogether) {
            return new RawMessageReceiver(queue.raw().receiver(), arrivals);
        }
    },
    /** With messages and deliveries as objects: {@code trySend}, {@code receive}, {@code ack}. */
    HEAP {
        @Override
        MessageSender sender(MessageQueue queue, Payload payload) {
            return new HeapMessageSender(queue, payload);
        }

        @Override
        MessageReceiver receiver(MessageQueue queue, Arrivals arrivals, boolean acksTogether) {
            return new HeapMessageReceiver(queue, arrivals, acksTogether);
        }
    };

    abstract MessageSender sender(MessageQueue queue, Payload payload);

    /** @param acksTogether whether one acknowledgement for all that were received is cheaper than one for each */
    abstract MessageReceiver receiver(MessageQueue queue, Arrivals arrivals, boolean acksTogether);

    /** The name as one types it, and as results show it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
