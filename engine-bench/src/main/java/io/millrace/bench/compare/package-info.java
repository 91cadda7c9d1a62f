/**
 * The same job for the engine and for what people use instead: queues of the JDK, JCTools, an Agrona ring, the Disruptor, a
 * Chronicle Queue, a file that is forced for each message.
 *
 * <p>Each contestant runs in a JVM of its own, so that none is compiled with the profile of another; the parent lets one
 * of them work at a time, in rounds, and changes who begins. Not here: anything that the engine itself depends on.
 * Start reading at {@link io.millrace.bench.compare.Comparison}.
 */
@NullMarked
package io.millrace.bench.compare;

import org.jspecify.annotations.NullMarked;
