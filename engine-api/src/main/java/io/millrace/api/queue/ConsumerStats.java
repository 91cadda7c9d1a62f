package io.millrace.api.queue;

/**
 * What a listener has done since it was started. Immutable.
 *
 * @param batches batches that the handler has returned from or thrown at
 * @param acked messages that were acknowledged, by the listener or by the handler
 * @param failed messages that failed: marked, given back by the handler, or of a handler that threw
 * @param inHandler messages that handlers deal with now
 */
public record ConsumerStats(long batches, long acked, long failed, int inHandler) {}
