/**
 * The demo: real files go through a queue line by line, to competing consumers that fail on purpose, and must come back
 * the same to the last byte.
 *
 * <p>The sending side ({@link io.millrace.bench.demo.FileSender}) and the receiving side ({@link
 * io.millrace.bench.demo.RebuiltFiles}) share nothing but the queue; {@link io.millrace.bench.demo.Comparison} sets the
 * two against each other at the end. Files are read and sent on the thread that calls {@link
 * io.millrace.bench.demo.Demo#run}, handlers run on the threads of the queue's listeners, progress is shown by a thread
 * of its own. Not here: options and exit codes. Start reading at {@link io.millrace.bench.demo.Demo}.
 */
@NullMarked
package io.millrace.bench.demo;

import org.jspecify.annotations.NullMarked;
