package io.millrace.api.queue;

import io.millrace.api.check.Arguments;
import java.util.OptionalLong;

/**
 * What a queue holds and has done. Immutable.
 *
 * <p>The figures are read one after the other while the queue goes on: each is true at some moment during the call, all
 * of them together only if nothing else is going on. Those of what was done count since the queue was created, or since
 * the process was started.
 *
 * @param visible messages that a receive may get now, and room that a raw sender has claimed and not yet committed
 * @param inFlight messages that were received and neither ended nor timed out
 * @param delayed messages whose delay is not over
 * @param sent messages that were sent, claimed room included; not those moved here from another queue
 * @param received deliveries that were handed out
 * @param acked messages that were acknowledged
 * @param expired messages that were removed because their retention was over
 * @param deadLettered messages that were moved to this queue's dead-letter queue
 * @param purged messages that were removed by a purge
 * @param waitingReceivers receives that wait for a message now, threads and futures
 * @param oldestAgeMs milliseconds since the message that has the first place in the queue was sent; empty if there is
 *     no message. In a dead-letter queue the first place is that of the message that was moved first
 */
public record QueueStats(
        long visible,
        long inFlight,
        long delayed,
        long sent,
        long received,
        long acked,
        long expired,
        long deadLettered,
        long purged,
        int waitingReceivers,
        OptionalLong oldestAgeMs) {
    /**
     * Refuses null.
     *
     * @param visible messages that a receive may get now
     * @param inFlight messages in flight
     * @param delayed messages whose delay is not over
     * @param sent messages that were sent
     * @param received deliveries that were handed out
     * @param acked messages that were acknowledged
     * @param expired messages that were removed because their retention was over
     * @param deadLettered messages that were moved to the dead-letter queue
     * @param purged messages that were removed by a purge
     * @param waitingReceivers receives that wait
     * @param oldestAgeMs age of the oldest message
     * @throws NullPointerException if the age is null
     */
    public QueueStats {
        Arguments.notNull("oldestAgeMs", oldestAgeMs);
    }
}
