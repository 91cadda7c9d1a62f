/**
 * Queues: sending, receiving and ending deliveries, listeners, configuration and administration.
 *
 * <p>Topics and streams have no place here, nor has the zero-allocation tier, which is in {@code io.millrace.api.raw}.
 * Operations run on the thread that calls them; only a {@link io.millrace.api.queue.MessageHandler} is called on
 * threads of its consumer. Start reading at {@link io.millrace.api.queue.MessageQueue}.
 *
 * <p>Each operation states five things in the same order: <b>Durability</b>, what survives; <b>Ordering</b>;
 * <b>Delivery</b>, how often a message is handed out; <b>Blocking</b>; <b>Cost</b>, time and allocation. The durability
 * stated here is that of an engine in memory: nothing outlives the process.
 */
@NullMarked
package io.millrace.api.queue;

import org.jspecify.annotations.NullMarked;
