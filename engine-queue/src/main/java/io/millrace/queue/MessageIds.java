package io.millrace.queue;

import io.millrace.api.MessageId;

/**
 * Message ids that need no storage: UUIDs of version 8 made of the engine's random number, the queue's number and the
 * message's sequence, so that no two messages of any two engines share one. Stateless.
 *
 * <pre>
 *  bits  field
 *  ----  -----------------------------------------------
 *    40  engine, random
 *     8  queue number, bits 24 to 31
 *     4  version, 8
 *    12  queue number, bits 12 to 23
 *     2  variant
 *    12  queue number, bits 0 to 11
 *    50  sequence
 * </pre>
 */
final class MessageIds {
    private static final long VERSION = 8L << 12;
    private static final long VARIANT = 0b10L << 62;
    private static final int SEQUENCE_BITS = 50;
    private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;

    private MessageIds() {}

    static MessageId of(long engineId, long queueNumber, long sequence) {
        final long high =
                (engineId << 24) | (((queueNumber >>> 24) & 0xFF) << 16) | VERSION | ((queueNumber >>> 12) & 0xFFF);
        final long low = VARIANT | ((queueNumber & 0xFFF) << SEQUENCE_BITS) | (sequence & SEQUENCE_MASK);
        return new MessageId(high, low);
    }
}
