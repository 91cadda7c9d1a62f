/**
 * Runs JMH benchmarks from the command line, always with the profiler that counts allocated bytes.
 *
 * <p>Not here: the benchmarks, which are in {@code io.millrace.bench.micro} and {@code io.millrace.bench.engine}. JMH
 * starts a JVM for each fork; the calling thread waits. Start reading at {@link io.millrace.bench.jmh.JmhRun}.
 */
@NullMarked
package io.millrace.bench.jmh;

import org.jspecify.annotations.NullMarked;
