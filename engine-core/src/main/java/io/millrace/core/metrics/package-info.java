/**
 * How figures that are counted anyway reach a metrics library.
 *
 * <p>Counts nothing itself, and nothing here is called while messages go through. Runs on threads that open and close
 * engines and queues; values are read by whoever reads metrics. Start reading at {@link
 * io.millrace.core.metrics.MeterSet}.
 */
@NullMarked
package io.millrace.core.metrics;

import org.jspecify.annotations.NullMarked;
