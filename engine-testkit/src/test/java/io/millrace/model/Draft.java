package io.millrace.model;

import io.millrace.api.Attributes;
import io.millrace.api.Message;
import java.time.Duration;
import java.util.Optional;

/** A message to be sent. Immutable. */
record Draft(String payload, Attributes attributes, Optional<Duration> delay) {
    Message toMessage() {
        Message message = Message.text(payload).withAttributes(attributes);
        return delay.isPresent() ? message.withDelay(delay.get()) : message;
    }

    @Override
    public String toString() {
        return (payload.length() < 12 ? payload : payload.substring(0, 8) + "..")
                + attributes.names()
                + delay.map(d -> "+" + d.toMillis()).orElse("");
    }
}
