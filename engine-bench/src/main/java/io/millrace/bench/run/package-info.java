/**
 * Benchmarks that the command line runs in its own JVM: a job, repeated in rounds, measured from outside the engine.
 *
 * <p>Each round starts its worker threads together and joins them; the thread that calls {@link
 * io.millrace.bench.run.QueueBench#run} only waits. Nothing here is timed by JMH, and nothing here decides whether a
 * test passes. Start reading at {@link io.millrace.bench.run.QueueBench}.
 */
@NullMarked
package io.millrace.bench.run;

import org.jspecify.annotations.NullMarked;
