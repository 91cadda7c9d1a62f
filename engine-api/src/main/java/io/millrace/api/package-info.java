/**
 * The words that every part of the engine shares: messages and their attributes, ids, the clock, the engine's
 * configuration and its errors.
 *
 * <p>What only queues need lives in {@code io.millrace.api.queue}; nothing here sends, receives or starts a thread.
 * Every type is an immutable value or a thread-safe interface, so any thread may use it. Start reading at {@link
 * io.millrace.api.Message}.
 *
 * <p>Rules for all packages of this module. An argument that is null is answered with {@link NullPointerException}, one
 * out of its range with {@link IllegalArgumentException}, always before anything has changed. Durations have a
 * resolution of one millisecond; a rest below it is rounded up, so nobody waits for less than was asked. Methods that
 * return bytes return a copy.
 */
@NullMarked
package io.millrace.api;

import org.jspecify.annotations.NullMarked;
