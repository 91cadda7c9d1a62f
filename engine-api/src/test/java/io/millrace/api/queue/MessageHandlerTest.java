package io.millrace.api.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.api.Attributes;
import io.millrace.api.MessageId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageHandlerTest {
    private final RecordingBatch batch = new RecordingBatch("a", "b", "c");
    private final List<String> seen = new ArrayList<>();

    @Test
    void shouldGoThroughTheBatchInOrder() throws Exception {
        MessageHandler.each(delivery -> seen.add(delivery.text())).onBatch(batch);

        assertThat(seen).containsExactly("a", "b", "c");
        assertThat(batch.failed).isEmpty();
    }

    @Test
    void shouldFailOneMessageAndGoOn() throws Exception {
        MessageHandler handler = MessageHandler.each(delivery -> {
            seen.add(delivery.text());
            if (delivery.text().equals("b")) {
                throw new IllegalStateException("no b today");
            }
        });

        handler.onBatch(batch);

        assertThat(seen).containsExactly("a", "b", "c");
        assertThat(batch.failed).containsExactly("b: no b today");
    }

    @Test
    void shouldLetErrorsThrough() {
        MessageHandler handler = MessageHandler.each(delivery -> {
            throw new AssertionError(delivery.text());
        });

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> handler.onBatch(batch))
                .withMessage("a");
    }

    private static final class RecordingBatch implements MessageBatch {
        private final List<Delivery> deliveries = new ArrayList<>();
        private final List<String> failed = new ArrayList<>();

        RecordingBatch(String... texts) {
            for (String text : texts) {
                deliveries.add(new TextDelivery(text));
            }
        }

        @Override
        public int size() {
            return deliveries.size();
        }

        @Override
        public Iterator<Delivery> iterator() {
            return deliveries.iterator();
        }

        @Override
        public void fail(Delivery delivery) {
            failed.add(delivery.text());
        }

        @Override
        public void fail(Delivery delivery, Throwable cause) {
            failed.add(delivery.text() + ": " + cause.getMessage());
        }
    }

    private record TextDelivery(String text) implements Delivery {
        @Override
        public MessageId id() {
            return new MessageId(0, text.hashCode());
        }

        @Override
        public ReceiptHandle receipt() {
            return ReceiptHandle.of(new byte[ReceiptHandle.LENGTH]);
        }

        @Override
        public int receiveCount() {
            return 1;
        }

        @Override
        public Attributes attributes() {
            return Attributes.empty();
        }

        @Override
        public byte[] bytes() {
            return new byte[] {1};
        }

        @Override
        public Instant sentAt() {
            return Instant.EPOCH;
        }

        @Override
        public Instant firstReceivedAt() {
            return Instant.EPOCH;
        }

        @Override
        public Optional<String> deadLetterSource() {
            return Optional.empty();
        }

        @Override
        public Optional<String> deadLetterReason() {
            return Optional.empty();
        }

        @Override
        public boolean ack() {
            return true;
        }

        @Override
        public boolean retryAfter(Duration delay) {
            return true;
        }

        @Override
        public boolean extend(Duration visibilityTimeout) {
            return true;
        }

        @Override
        public boolean deadLetter(String reason) {
            return true;
        }
    }
}
