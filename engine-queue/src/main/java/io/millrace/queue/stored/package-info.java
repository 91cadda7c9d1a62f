/**
 * What the queues of a directory are and hold, as its log tells from outside, without an engine.
 *
 * <p>Nothing here writes, and nothing touches slots. Confined to the thread that reads the log. Start reading at {@link
 * io.millrace.queue.stored.StoredQueues}.
 */
@NullMarked
package io.millrace.queue.stored;

import org.jspecify.annotations.NullMarked;
