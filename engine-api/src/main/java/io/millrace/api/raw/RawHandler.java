package io.millrace.api.raw;

import java.nio.ByteBuffer;

/** What a poll does with each message. Confined to the thread that polls. */
@FunctionalInterface
public interface RawHandler {
    /**
     * Deals with one message. Called on the thread that polls; it may use senders, and receivers other than the one
     * that calls it.
     *
     * @param delivery what is known of the message; the object is used again, and valid until this method returns; not
     *     null
     * @param payload where the payload is, read-only and in native byte order; the memory is lent, and valid until this
     *     method returns; not null
     * @param offset place in the buffer of the payload's first byte, 0 or more
     * @param length number of bytes of the payload, 1 or more
     * @param endOfPoll true if this is the last message of the poll
     * @return what shall become of the message, not null
     */
    Disposition onMessage(RawDelivery delivery, ByteBuffer payload, int offset, int length, boolean endOfPoll);
}
