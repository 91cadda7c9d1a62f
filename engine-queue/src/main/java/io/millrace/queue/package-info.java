/**
 * Queues as users see them: names, sending and receiving with copies, receipts, administration.
 *
 * <p>The mechanics of slots are in {@code queue.slots}, waiting in {@code queue.waiting}, the zero-allocation tier in {@code
 * queue.raw}, redrive tasks in {@code queue.redrive}, listeners in {@code queue.listener}. Everything runs on the caller's
 * thread. Start reading at {@link io.millrace.queue.QueueRegistry}, then {@link io.millrace.queue.HeapQueue}.
 */
@NullMarked
package io.millrace.queue;

import org.jspecify.annotations.NullMarked;
