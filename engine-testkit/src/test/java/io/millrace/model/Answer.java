package io.millrace.model;

import io.millrace.api.Attributes;
import io.millrace.api.Refusal;
import io.millrace.api.queue.MessageState;
import io.millrace.api.queue.RedriveStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a side answered. Immutable.
 *
 * @param body must be equal on both sides
 * @param ids names of messages; the two sides name differently, but one name of the one stands for one of the other
 * @param refs of the oracle only: the messages that were received
 */
record Answer(Object body, List<String> ids, List<Ref> refs) {
    record Received(
            String payload,
            Attributes attributes,
            int receiveCount,
            Instant sentAt,
            Instant firstReceivedAt,
            Optional<String> source,
            Optional<String> reason) {}

    /** What a poll returned, and each message that the handler was called with. */
    record Polled(long result, List<InHand> messages) {}

    record InHand(
            long sequence, String payload, Attributes attributes, int receiveCount, long sentAtMs, boolean last) {}

    record Peeked(String payload, Attributes attributes, int receiveCount, Instant sentAt, MessageState state) {}

    record Redriven(RedriveStatus status, long moved, long toMove, boolean failed) {}

    static Answer of(Object body) {
        return new Answer(body, List.of(), List.of());
    }

    static Answer of(Object body, List<String> ids) {
        return new Answer(body, ids, List.of());
    }

    static Answer done() {
        return of("done");
    }

    static Answer refused(Refusal.Reason reason) {
        return of("refused " + reason);
    }

    static Answer thrown(Class<? extends RuntimeException> type) {
        return of("thrown " + type.getSimpleName());
    }
}
