/**
 * What an engine costs when there is much of something: queues, delayed messages, messages in flight, waiting messages;
 * and the opposite, how soon the first message is through.
 *
 * <p>Each part runs in a JVM of its own with the heap and the direct memory that it needs, on that JVM's main thread.
 * Not here: rates of several threads, which {@code io.millrace.bench.run} measures. Start reading at {@link
 * io.millrace.bench.scale.Scale}.
 */
@NullMarked
package io.millrace.bench.scale;

import org.jspecify.annotations.NullMarked;
