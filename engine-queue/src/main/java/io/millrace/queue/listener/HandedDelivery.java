package io.millrace.queue.listener;

import io.millrace.api.Attributes;
import io.millrace.api.MessageId;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.ReceiptHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A delivery of a batch, which remembers what its handler has done with it. Thread-safe. */
final class HandedDelivery implements Delivery {
    /** What has become of the delivery so far. */
    enum Fate {
        OPEN,
        MARKED,
        ACKED,
        GIVEN_BACK
    }

    private final HandedBatch batch;
    private final Delivery delivery;
    private volatile Fate fate = Fate.OPEN;

    HandedDelivery(HandedBatch batch, Delivery delivery) {
        this.batch = batch;
        this.delivery = delivery;
    }

    HandedBatch batch() {
        return batch;
    }

    Fate fate() {
        return fate;
    }

    /** What the queue gave. */
    Delivery received() {
        return delivery;
    }

    /** Marks it as failed, unless the handler has ended it. */
    void mark() {
        if (fate == Fate.OPEN) {
            fate = Fate.MARKED;
        }
    }

    private boolean ended(boolean done, Fate how) {
        if (done) {
            fate = how;
        }
        return done;
    }

    @Override
    public boolean ack() {
        return ended(delivery.ack(), Fate.ACKED);
    }

    @Override
    public boolean retryAfter(Duration delay) {
        return ended(delivery.retryAfter(delay), Fate.GIVEN_BACK);
    }

    @Override
    public boolean deadLetter(String reason) {
        return ended(delivery.deadLetter(reason), Fate.GIVEN_BACK);
    }

    @Override
    public boolean extend(Duration visibilityTimeout) {
        return delivery.extend(visibilityTimeout);
    }

    @Override
    public MessageId id() {
        return delivery.id();
    }

    @Override
    public ReceiptHandle receipt() {
        return delivery.receipt();
    }

    @Override
    public int receiveCount() {
        return delivery.receiveCount();
    }

    @Override
    public Attributes attributes() {
        return delivery.attributes();
    }

    @Override
    public byte[] bytes() {
        return delivery.bytes();
    }

    @Override
    public String text() {
        return delivery.text();
    }

    @Override
    public Instant sentAt() {
        return delivery.sentAt();
    }

    @Override
    public Instant firstReceivedAt() {
        return delivery.firstReceivedAt();
    }

    @Override
    public Optional<String> deadLetterSource() {
        return delivery.deadLetterSource();
    }

    @Override
    public Optional<String> deadLetterReason() {
        return delivery.deadLetterReason();
    }

    @Override
    public String toString() {
        return delivery.toString();
    }
}
