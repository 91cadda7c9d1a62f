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
        MessageReceiver receiver(MessageQueue queue, Arrivals arrivals) {
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
        MessageReceiver receiver(MessageQueue queue, Arrivals arrivals) {
            return new HeapMessageReceiver(queue, arrivals);
        }
    };

    /** This way through a queue. */
    public Lane lane(MessageQueue queue, Payload payload) {
        return new Lane() {
            @Override
            public MessageSender sender() {
                return Tier.this.sender(queue, payload);
            }

            @Override
            public MessageReceiver receiver(Arrivals arrivals) {
                return Tier.this.receiver(queue, arrivals);
            }
        };
    }

    abstract MessageSender sender(MessageQueue queue, Payload payload);

    abstract MessageReceiver receiver(MessageQueue queue, Arrivals arrivals);

    /** The name as one types it, and as results show it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
