package io.millrace.queue.listener;

import io.millrace.api.queue.Delivery;
import java.util.List;

/**
 * A batch that is complete and waits for its handler. Immutable.
 *
 * @param deliveries at least one, as received
 * @param receivedMs engine time at which the first of them was received
 */
record CollectedBatch(List<Delivery> deliveries, long receivedMs) {}
