/**
 * Text for people: tables with aligned columns and numbers with separators.
 *
 * <p>Knows nothing of queues, files or benchmarks; pure functions on the thread that calls them. Start reading at {@link
 * io.millrace.bench.report.TextTable}.
 */
@NullMarked
package io.millrace.bench.report;

import org.jspecify.annotations.NullMarked;
