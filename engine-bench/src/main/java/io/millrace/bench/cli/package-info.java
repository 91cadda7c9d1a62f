/**
 * The command line {@code millrace}: what one types, what is refused, how a command ends.
 *
 * <p>A command turns its options into the configuration of a job in {@code io.millrace.bench.demo}, {@code
 * io.millrace.bench.run} or {@code io.millrace.bench.directory}, runs it on the main thread, and prints what came of it. Not here: anything a job does. Exit
 * codes: 0 done, 1 the job failed, 2 wrong usage, 130 interrupted. Start reading at {@link
 * io.millrace.bench.cli.Millrace}.
 */
@NullMarked
package io.millrace.bench.cli;

import org.jspecify.annotations.NullMarked;
