/**
 * JMH benchmarks of the hot structures, one class for each: what it costs alone, on one thread, with nobody in the way.
 *
 * <p>These classes know the insides of the engine; nothing else in this module may. What a figure is good for: seeing which
 * structure a change has made slower. What it is not: two threads on two shared cores say more about the machine. JMH calls
 * each benchmark on a thread of its own. Start reading at {@link io.millrace.bench.micro.Memory}.
 */
@NullMarked
package io.millrace.bench.micro;

import org.jspecify.annotations.NullMarked;
