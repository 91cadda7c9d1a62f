package io.millrace.queue.listener;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What listeners write to. Made when there is something to say, so that a quiet engine neither loads a logging backend nor
 * asks for one. Stateless.
 */
final class ListenerLog {
    static final Logger LOGGER = LoggerFactory.getLogger(BatchConsumer.class);

    private ListenerLog() {}
}
