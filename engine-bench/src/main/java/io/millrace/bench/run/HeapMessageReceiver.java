package io.millrace.bench.run;

import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import java.util.List;

/** Receives lists of deliveries, and acknowledges each. */
final class HeapMessageReceiver implements MessageReceiver {
    private final MessageQueue queue;
    private final Arrivals arrivals;

    HeapMessageReceiver(MessageQueue queue, Arrivals arrivals) {
        this.queue = queue;
        this.arrivals = arrivals;
    }

    @Override
    public int receive(int max) {
        List<Delivery> deliveries = queue.receive(max);
        for (Delivery delivery : deliveries) {
            arrivals.arrived(delivery.bytes());
            if (!delivery.ack()) {
                throw new IllegalStateException("a message was gone before it was acknowledged: " + delivery);
            }
        }
        return deliveries.size();
    }

    @Override
    public void close() {}
}
