package io.millrace.stress.images;

import io.millrace.api.queue.MessageState;

/**
 * A message as it lies in a queue. Immutable.
 *
 * @param number which message
 * @param queue name of the queue
 * @param id its message id
 * @param state whether it could be received
 * @param receives how often it was received
 */
record Seen(int number, String queue, String id, MessageState state, int receives) {}
