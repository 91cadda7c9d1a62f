package io.millrace.bench.run;

import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import java.util.List;

/** Receives lists of deliveries, and acknowledges each, or all of them together. */
final class HeapMessageReceiver implements MessageReceiver {
    private final MessageQueue queue;
    private final Arrivals arrivals;
    private final boolean acksTogether;

    HeapMessageReceiver(MessageQueue queue, Arrivals arrivals, boolean acksTogether) {
        this.queue = queue;
        this.arrivals = arrivals;
        this.acksTogether = acksTogether;
    }

    @Override
    public int receive(int max) {
        List<Delivery> deliveries = queue.receive(max);
        for (Delivery delivery : deliveries) {
            arrivals.arrived(delivery.bytes());
            if (!acksTogether) {
                require(delivery.ack());
            }
        }
        if (acksTogether) {
            queue.ackAll(deliveries.stream().map(Delivery::receipt).toList()).forEach(HeapMessageReceiver::require);
        }
        return deliveries.size();
    }

    private static void require(boolean acknowledged) {
        if (!acknowledged) {
            throw new IllegalStateException("a message was gone before it was acknowledged");
        }
    }

    @Override
    public void close() {}
}
