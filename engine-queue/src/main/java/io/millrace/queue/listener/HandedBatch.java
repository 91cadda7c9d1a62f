package io.millrace.queue.listener;

import io.millrace.api.check.Arguments;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageBatch;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** A batch in the hands of its handler. Confined to the handler's thread. */
final class HandedBatch implements MessageBatch {
    private final String queue;
    private final List<HandedDelivery> deliveries;
    private boolean returned;

    HandedBatch(String queue, List<Delivery> received) {
        this.queue = queue;
        this.deliveries = received.stream()
                .map(delivery -> new HandedDelivery(this, delivery))
                .toList();
    }

    List<HandedDelivery> deliveries() {
        return deliveries;
    }

    /** Ends the time in which messages can be marked. */
    void handlerReturned() {
        returned = true;
    }

    @Override
    public int size() {
        return deliveries.size();
    }

    @Override
    public Iterator<Delivery> iterator() {
        return Collections.<Delivery>unmodifiableList(deliveries).iterator();
    }

    @Override
    public void fail(Delivery delivery) {
        checked(delivery).mark();
    }

    @Override
    public void fail(Delivery delivery, Throwable cause) {
        Arguments.notNull("cause", cause);
        final HandedDelivery failed = checked(delivery);
        failed.mark();
        ListenerLog.LOGGER.warn(
                "message failed: queue={} id={} receives={}", queue, failed.id(), failed.receiveCount(), cause);
    }

    private HandedDelivery checked(Delivery delivery) {
        Arguments.notNull("delivery", delivery);
        if (returned) {
            throw new IllegalStateException("the handler of the batch has returned: queue=" + queue);
        }
        if (delivery instanceof HandedDelivery mine && mine.batch() == this) {
            return mine;
        }
        throw new IllegalArgumentException("delivery must be of this batch: delivery=" + delivery);
    }
}
