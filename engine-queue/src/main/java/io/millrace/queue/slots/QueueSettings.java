package io.millrace.queue.slots;

import io.millrace.api.Durability;
import io.millrace.api.queue.QueueConfig;
import java.time.Duration;

/**
 * A queue's configuration as the primitives that operations need, all times in milliseconds. Immutable; replaced as a
 * whole when the configuration changes.
 */
public record QueueSettings(
        QueueConfig config,
        long visibilityTimeoutMs,
        long visibilityCapMs,
        long delayMs,
        long retentionMs,
        long receiveWaitMs,
        long sendTimeoutMs,
        int maxMessageBytes,
        long maxBacklog,
        long maxInFlight,
        int maxReceives,
        boolean acksWait) {
    /** No limit to the number of receives: there is no dead-letter queue. */
    public static final int UNLIMITED_RECEIVES = Integer.MAX_VALUE;

    public static QueueSettings of(QueueConfig config) {
        return new QueueSettings(
                config,
                toMs(config.visibilityTimeout()),
                toMs(config.visibilityCap()),
                toMs(config.delay()),
                toMs(config.retention()),
                toMs(config.receiveWait()),
                toMs(config.sendTimeout()),
                config.maxMessageBytes(),
                config.maxBacklog(),
                config.maxInFlight(),
                config.redrive().map(r -> r.maxReceives()).orElse(UNLIMITED_RECEIVES),
                config.ackDurability() == Durability.POWER_LOSS);
    }

    /** Milliseconds of a duration, rounded up, so that nothing becomes shorter than was asked. */
    public static long toMs(Duration duration) {
        final long ms = duration.toMillis();
        return duration.minusMillis(ms).isZero() ? ms : ms + 1;
    }
}
