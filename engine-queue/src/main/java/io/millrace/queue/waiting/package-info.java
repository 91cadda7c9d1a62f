/**
 * Receivers that wait for messages: first come, first served, none of them costing a thread.
 *
 * <p>Knows nothing about slots; it is told how to claim and how to give back. Runs on whatever thread made messages
 * visible. Start reading at {@link io.millrace.queue.waiting.Waiters}.
 */
@NullMarked
package io.millrace.queue.waiting;

import org.jspecify.annotations.NullMarked;
