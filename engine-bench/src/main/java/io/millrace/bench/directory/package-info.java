/**
 * Looking at the directory of an engine from outside: what is in it, what is damaged, and how that is shown.
 *
 * <p>Reading is done by {@code io.millrace.core.log.StoredLog} and {@code io.millrace.queue.stored}; here stand tables and
 * JSON. Nothing here writes into the directory. Runs on the thread of the command. Start reading at {@link
 * io.millrace.bench.directory.StoredDirectory}.
 */
@NullMarked
package io.millrace.bench.directory;

import org.jspecify.annotations.NullMarked;
