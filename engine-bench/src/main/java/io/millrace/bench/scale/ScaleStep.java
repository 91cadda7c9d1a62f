package io.millrace.bench.scale;

import java.util.Locale;

/** What is timed in a part, in the order in which it happens. */
public enum ScaleStep {
    /** Queues are created. */
    QUEUES_CREATE(ScalePart.QUEUES, false),
    /** Each gets a message. */
    QUEUES_SEND(ScalePart.QUEUES, true),
    /** It is received and acknowledged. */
    QUEUES_DRAIN(ScalePart.QUEUES, false),
    /** The queues are deleted. */
    QUEUES_DELETE(ScalePart.QUEUES, false),
    /** Messages are sent with a delay. */
    DELAYED_SEND(ScalePart.DELAYED, true),
    /** From the instant at which all of them are due until all of them are visible. */
    DELAYED_DUE(ScalePart.DELAYED, true),
    /** They are received and acknowledged. */
    DELAYED_DRAIN(ScalePart.DELAYED, false),
    /** Messages are sent. */
    IN_FLIGHT_SEND(ScalePart.IN_FLIGHT, true),
    /** They are received and held. */
    IN_FLIGHT_RECEIVE(ScalePart.IN_FLIGHT, true),
    /** They are acknowledged by their numbers. */
    IN_FLIGHT_ACK(ScalePart.IN_FLIGHT, false),
    /** Messages are sent. */
    WAITING_SEND(ScalePart.WAITING, true),
    /** They are received and acknowledged. */
    WAITING_DRAIN(ScalePart.WAITING, false),
    /** An engine is opened, a queue created, a message sent, received and acknowledged; the JVM is warm. */
    FIRST_MESSAGE_WARM(ScalePart.FIRST_MESSAGE, false),
    /** The same from the moment at which the process of the JVM is started. */
    FIRST_MESSAGE_JVM_START(ScalePart.FIRST_MESSAGE, false);

    private final ScalePart part;
    private final boolean holdsMessages;

    ScaleStep(ScalePart part, boolean holdsMessages) {
        this.part = part;
        this.holdsMessages = holdsMessages;
    }

    /** What it belongs to. */
    public ScalePart part() {
        return part;
    }

    /** Whether the engine holds a message for each of the count when the step is over. */
    public boolean holdsMessages() {
        return holdsMessages;
    }

    /** The name as results show it, for example {@code waiting-send}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
