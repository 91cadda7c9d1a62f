package io.millrace.queue;

import io.millrace.api.Attributes;
import io.millrace.api.MessageId;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.core.codec.RecordProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A delivery that owns a copy of its message. Thread-safe: nothing in it changes. */
final class HeapDelivery implements Delivery {
    private final HeapQueue queue;
    private final long sequence;
    private final long control;
    private final int receiveCount;
    private final byte[] payload;
    private final byte[] properties;
    private final long sentMs;
    private final long firstReceivedMs;

    HeapDelivery(
            HeapQueue queue,
            long sequence,
            long control,
            int receiveCount,
            byte[] payload,
            byte[] properties,
            long sentMs,
            long firstReceivedMs) {
        this.queue = queue;
        this.sequence = sequence;
        this.control = control;
        this.receiveCount = receiveCount;
        this.payload = payload;
        this.properties = properties;
        this.sentMs = sentMs;
        this.firstReceivedMs = firstReceivedMs;
    }

    long sequence() {
        return sequence;
    }

    /** The control word that the claim stored, for undoing it. */
    long control() {
        return control;
    }

    private RecordProperties decoded() {
        return RecordProperties.decode(properties);
    }

    @Override
    public MessageId id() {
        return decoded().originalId().orElseGet(() -> queue.idOf(sequence));
    }

    @Override
    public ReceiptHandle receipt() {
        return queue.receiptOf(sequence, receiveCount);
    }

    @Override
    public int receiveCount() {
        return receiveCount;
    }

    @Override
    public Attributes attributes() {
        return decoded().decodedAttributes();
    }

    @Override
    public byte[] bytes() {
        return payload.clone();
    }

    @Override
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public Instant sentAt() {
        return Instant.ofEpochMilli(sentMs);
    }

    @Override
    public Instant firstReceivedAt() {
        return Instant.ofEpochMilli(firstReceivedMs);
    }

    @Override
    public Optional<String> deadLetterSource() {
        return decoded().source();
    }

    @Override
    public Optional<String> deadLetterReason() {
        return decoded().reason();
    }

    @Override
    public boolean ack() {
        return queue.ackSequence(sequence);
    }

    @Override
    public boolean retryAfter(Duration delay) {
        return queue.changeVisibility(sequence, delay);
    }

    @Override
    public boolean extend(Duration more) {
        return queue.changeVisibility(sequence, more);
    }

    @Override
    public boolean deadLetter(String reason) {
        return queue.deadLetterSequence(sequence, reason);
    }

    @Override
    public String toString() {
        return "Delivery[queue=" + queue.name() + ", id=" + id() + ", receiveCount=" + receiveCount + ", bytes="
                + payload.length + "]";
    }
}
