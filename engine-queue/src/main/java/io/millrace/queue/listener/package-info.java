/**
 * Listeners: batches of deliveries handed to user code by threads that receive only when a handler is free.
 *
 * <p>Uses queues as any user would; no memory slots here. A batch is collected on whatever thread makes its messages
 * visible or its window end, and handled on a thread of the listener. Start reading at {@link
 * io.millrace.queue.listener.BatchConsumer}.
 */
@NullMarked
package io.millrace.queue.listener;

import org.jspecify.annotations.NullMarked;
