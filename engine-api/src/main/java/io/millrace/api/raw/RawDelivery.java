package io.millrace.api.raw;

import io.millrace.api.Attributes;
import io.millrace.api.MessageId;

/**
 * What is known of a message while a handler deals with it, except for the payload. Confined to the thread that polls,
 * and valid until the handler returns.
 */
public interface RawDelivery {
    /**
     * Names this delivery, for a message that is held.
     *
     * @return 0 or more; different for every delivery that can be alive at the same time
     */
    long deliveryNumber();

    /**
     * The message number.
     *
     * @return what sending returned, 0 or more
     */
    long sequence();

    /**
     * How often the message has been received, this delivery included.
     *
     * @return 1 or more
     */
    int receiveCount();

    /**
     * When the message was sent, by the wall clock.
     *
     * @return milliseconds since 1970-01-01T00:00:00Z
     */
    long sentAtMs();

    /**
     * The attributes that were sent with the message. Allocates, unless there are none.
     *
     * @return a copy, which may be kept
     */
    Attributes attributes();

    /**
     * The id of the message, the same at every delivery. Allocates.
     *
     * @return the id
     */
    MessageId id();
}
