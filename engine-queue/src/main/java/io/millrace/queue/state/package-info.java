/**
 * What an engine must know of a queue when it is opened again, apart from its messages: one living record of the log.
 *
 * <p>Nothing here touches slots. Written by whoever changes a queue, under a lock of its own; read by the opening thread.
 * Start reading at {@link io.millrace.queue.state.QueueLedger}.
 */
@NullMarked
package io.millrace.queue.state;

import org.jspecify.annotations.NullMarked;
