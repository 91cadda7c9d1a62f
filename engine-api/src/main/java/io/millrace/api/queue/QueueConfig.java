package io.millrace.api.queue;

import io.millrace.api.Durability;
import io.millrace.api.check.Arguments;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What may be chosen for a queue, when it is created and later. Immutable.
 *
 * <p>Start from {@link #defaults()} or from a queue's present configuration, and change what differs. Durations are in
 * whole milliseconds; a rest is rounded up.
 *
 * @param visibilityTimeout how long a received message is hidden from other receivers, zero to the visibility cap;
 *     applies to later receives
 * @param visibilityCap longest time for which one flight may hide a message, extensions included, 1 ms to 90 days
 * @param delay how long a message is hidden after it was sent, unless it says otherwise itself, zero to 90 days;
 *     applies to later sends
 * @param retention how long a message is kept after it was sent, 1 ms to 3,650 days; applies to the messages already
 *     there too
 * @param receiveWait how long a receive waits for the first message if {@link ReceiveOptions} do not say, zero to one
 *     hour
 * @param maxMessageBytes longest message, payload and {@linkplain io.millrace.api.Attributes#length() attributes}
 *     together, 1 byte to 64 MiB
 * @param maxBacklog most messages that the queue holds, visible, delayed and in flight together, 1 or more
 * @param maxInFlight most messages in flight at one time, 1 or more
 * @param sendTimeout how long {@link MessageQueue#send} waits for room, zero to one hour
 * @param redrive when messages go to a dead-letter queue, and to which; empty for never
 * @param redriveAllow which queues may name this one as their dead-letter queue
 * @param ackDurability what an acknowledgement waits for: {@code POWER_LOSS} for whatever the engine's level asks, {@code
 *     PROCESS_CRASH} not for the disk, so that after a loss of power a message may be delivered again that was acknowledged
 *     shortly before. Without meaning where the engine's level is not higher
 */
public record QueueConfig(
        Duration visibilityTimeout,
        Duration visibilityCap,
        Duration delay,
        Duration retention,
        Duration receiveWait,
        int maxMessageBytes,
        long maxBacklog,
        long maxInFlight,
        Duration sendTimeout,
        Optional<RedrivePolicy> redrive,
        RedriveAllow redriveAllow,
        Durability ackDurability) {
    private static final Duration MAX_RETENTION = Duration.ofDays(3_650);
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    private static final QueueConfig DEFAULTS = new QueueConfig(
            Duration.ofSeconds(30),
            Duration.ofHours(12),
            Duration.ZERO,
            Duration.ofDays(4),
            Duration.ZERO,
            1 << 20,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Duration.ofSeconds(10),
            Optional.empty(),
            RedriveAllow.all(),
            Durability.POWER_LOSS);

    /**
     * Checks the ranges above.
     *
     * @param visibilityTimeout how long a received message is hidden
     * @param visibilityCap longest time for which one flight may hide a message
     * @param delay how long a message is hidden after it was sent
     * @param retention how long a message is kept
     * @param receiveWait how long a receive waits
     * @param maxMessageBytes longest message
     * @param maxBacklog most messages
     * @param maxInFlight most messages in flight
     * @param sendTimeout how long a send waits
     * @param redrive when messages go to a dead-letter queue
     * @param redriveAllow which queues may name this one
     * @param ackDurability what an acknowledgement waits for
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if a component is out of range
     */
    public QueueConfig {
        visibilityCap = Arguments.positiveAtMost("visibilityCap", visibilityCap, Arguments.MAX_HIDDEN);
        visibilityTimeout = Arguments.atMost("visibilityTimeout", visibilityTimeout, visibilityCap);
        delay = Arguments.atMost("delay", delay, Arguments.MAX_HIDDEN);
        retention = Arguments.positiveAtMost("retention", retention, MAX_RETENTION);
        receiveWait = Arguments.atMost("receiveWait", receiveWait, Arguments.MAX_WAIT);
        Arguments.between("maxMessageBytes", maxMessageBytes, 1, MAX_MESSAGE_BYTES);
        Arguments.atLeast("maxBacklog", maxBacklog, 1);
        Arguments.atLeast("maxInFlight", maxInFlight, 1);
        sendTimeout = Arguments.atMost("sendTimeout", sendTimeout, Arguments.MAX_WAIT);
        Arguments.notNull("redrive", redrive);
        Arguments.notNull("redriveAllow", redriveAllow);
        if (Arguments.notNull("ackDurability", ackDurability) == Durability.MEMORY) {
            throw new IllegalArgumentException(
                    "ackDurability must be PROCESS_CRASH or POWER_LOSS: ackDurability=" + ackDurability);
        }
    }

    /**
     * Visibility timeout 30 s, capped at 12 h; no delay; retention 4 days; no receive wait; messages to 1 MiB; no limit
     * on backlog and in flight; send timeout 10 s; no dead-letter queue; usable as one by every queue; acknowledgements as
     * durable as the engine.
     *
     * @return the configuration of a queue for which nothing was chosen
     */
    public static QueueConfig defaults() {
        return DEFAULTS;
    }

    /**
     * This configuration with another visibility timeout.
     *
     * @param newValue see {@link #visibilityTimeout()}, not null
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public QueueConfig withVisibilityTimeout(Duration newValue) {
        return new QueueConfig(
                newValue,
                visibilityCap,
                delay,
                retention,
                receiveWait,
                maxMessageBytes,
                maxBacklog,
                maxInFlight,
                sendTimeout,
                redrive,
                redriveAllow,
                ackDurability);
    }

    /**
     * This configuration with another visibility cap.
     *
     * @param newValue see {@link #visibilityCap()}, not null
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public QueueConfig withVisibilityCap(Duration newValue) {
        return new QueueConfig(
                visibilityTimeout,
                newValue,
                delay,
                retention,
                receiveWait,
                maxMessageBytes,
                maxBacklog,
                maxInFlight,
                sendTimeout,
                redrive,
                redriveAllow,
                ackDurability);
    }

    /**
     * This configuration with another delay.
     *
     * @param newValue see {@link #delay()}, not null
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public QueueConfig withDelay(Duration newValue) {
        return new QueueConfig(
                visibilityTimeout,
                visibilityCap,
                newValue,
                retention,
                receiveWait,
                maxMessageBytes,
                maxBacklog,
                maxInFlight,
                sendTimeout,
                redrive,
                redriveAllow,
                ackDurability);
    }

    /**
     * This configuration with another retention.
     *
     * @param newValue see {@link #retention()}, not null
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public QueueConfig withRetention(Duration newValue) {
        return new QueueConfig(
                visibilityTimeout,
                visibilityCap,
                delay,
                newValue,
                receiveWait,
                maxMessageBytes,
                maxBacklog,
                maxInFlight,
                sendTimeout,
                redrive,
                redriveAllow,
                ackDurability);
    }

    /**
     * This configuration with another receive wait.
     *
     * @param newValue see {@link #receiveWait()}, not null
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public QueueConfig withReceiveWait(Duration newValue) {
        return new QueueConfig(
                visibilityTimeout,
                visibilityCap,
                delay,
                retention,
                newValue,
                maxMessageBytes,
                maxBacklog,
                maxInFlight,
                sendTimeout,
                redrive,
                redriveAllow,
                ackDurability);
    }

    /**
     * This configuration with another limit on the size of messages.
     *
     * @param newValue see {@link #maxMessageBytes()}
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public QueueConfig withMaxMessageBytes(int newValue) {
        return new QueueConfig(
                visibilityTimeout,
                visibilityCap,
                delay,
                retention,
                receiveWait,
                newValue,
                maxBacklog,
                maxInFlight,
                sendTimeout,
                redrive,
                redriveAllow,
                ackDurability);
    }

    /**
     * This configuration with another limit on the backlog.
     *
     * @param newValue see {@link #maxBacklog()}
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public QueueConfig withMaxBacklog(long newValue) {
        return new QueueConfig(
                visibilityTimeout,
                visibilityCap,
                delay,
                retention,
                receiveWait,
                maxMessageBytes,
                newValue,
                maxInFlight,
                sendTimeout,
                redrive,
                redriveAllow,
                ackDurability);
    }

    /**
     * This configuration with another limit on messages in flight.
     *
     * @param newValue see {@link #maxInFlight()}
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public QueueConfig withMaxInFlight(long newValue) {
        return new QueueConfig(
                visibilityTimeout,
                visibilityCap,
                delay,
                retention,
                receiveWait,
                maxMessageBytes,
                maxBacklog,
                newValue,
                sendTimeout,
                redrive,
                redriveAllow,
                ackDurability);
    }

    /**
     * This configuration with another send timeout.
     *
     * @param newValue see {@link #sendTimeout()}, not null
     * @return a new configuration
     * @throws IllegalArgumentException if the value is out of range
     */
    public QueueConfig withSendTimeout(Duration newValue) {
        return new QueueConfig(
                visibilityTimeout,
                visibilityCap,
                delay,
                retention,
                receiveWait,
                maxMessageBytes,
                maxBacklog,
                maxInFlight,
                newValue,
                redrive,
                redriveAllow,
                ackDurability);
    }

    /**
     * This configuration with a dead-letter queue.
     *
     * @param policy when messages go there, not null
     * @return a new configuration
     */
    public QueueConfig withRedrive(RedrivePolicy policy) {
        return withRedrive(Optional.of(Arguments.notNull("redrive", policy)));
    }

    /**
     * This configuration without a dead-letter queue.
     *
     * @return a new configuration
     */
    public QueueConfig withoutRedrive() {
        return withRedrive(Optional.empty());
    }

    private QueueConfig withRedrive(Optional<RedrivePolicy> newValue) {
        return new QueueConfig(
                visibilityTimeout,
                visibilityCap,
                delay,
                retention,
                receiveWait,
                maxMessageBytes,
                maxBacklog,
                maxInFlight,
                sendTimeout,
                newValue,
                redriveAllow,
                ackDurability);
    }

    /**
     * This configuration with another say in who may use the queue as a dead-letter queue.
     *
     * @param newValue see {@link #redriveAllow()}, not null
     * @return a new configuration
     */
    public QueueConfig withRedriveAllow(RedriveAllow newValue) {
        return new QueueConfig(
                visibilityTimeout,
                visibilityCap,
                delay,
                retention,
                receiveWait,
                maxMessageBytes,
                maxBacklog,
                maxInFlight,
                sendTimeout,
                redrive,
                newValue,
                ackDurability);
    }

    /**
     * This configuration with another say in what an acknowledgement waits for.
     *
     * @param newValue see {@link #ackDurability()}, not null
     * @return a new configuration
     * @throws IllegalArgumentException if it is {@code MEMORY}
     */
    public QueueConfig withAckDurability(Durability newValue) {
        return new QueueConfig(
                visibilityTimeout,
                visibilityCap,
                delay,
                retention,
                receiveWait,
                maxMessageBytes,
                maxBacklog,
                maxInFlight,
                sendTimeout,
                redrive,
                redriveAllow,
                newValue);
    }

    /**
     * The first component, in the order above, in which another configuration differs from this one.
     *
     * @param requested the other configuration, not null
     * @return the component and both values, or empty if the two are equal
     */
    public Optional<ConfigDifference> firstDifference(QueueConfig requested) {
        Arguments.notNull("requested", requested);
        return Stream.of(
                        new ConfigDifference("visibilityTimeout", visibilityTimeout, requested.visibilityTimeout),
                        new ConfigDifference("visibilityCap", visibilityCap, requested.visibilityCap),
                        new ConfigDifference("delay", delay, requested.delay),
                        new ConfigDifference("retention", retention, requested.retention),
                        new ConfigDifference("receiveWait", receiveWait, requested.receiveWait),
                        new ConfigDifference("maxMessageBytes", maxMessageBytes, requested.maxMessageBytes),
                        new ConfigDifference("maxBacklog", maxBacklog, requested.maxBacklog),
                        new ConfigDifference("maxInFlight", maxInFlight, requested.maxInFlight),
                        new ConfigDifference("sendTimeout", sendTimeout, requested.sendTimeout),
                        new ConfigDifference("redrive", redrive, requested.redrive),
                        new ConfigDifference("redriveAllow", redriveAllow, requested.redriveAllow),
                        new ConfigDifference("ackDurability", ackDurability, requested.ackDurability))
                .filter(component -> !component.existing().equals(component.requested()))
                .findFirst();
    }
}
