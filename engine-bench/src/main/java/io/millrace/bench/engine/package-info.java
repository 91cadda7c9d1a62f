/**
 * JMH benchmarks of the engine as users see it, one class for each tier.
 *
 * <p>Not here: threads that compete, and backlogs; those are jobs in {@code io.millrace.bench.run}. JMH calls each
 * benchmark on a thread of its own. Start reading at {@link io.millrace.bench.engine.RawTierBenchmark}.
 */
@NullMarked
package io.millrace.bench.engine;

import org.jspecify.annotations.NullMarked;
