/**
 * How long it takes to open a directory in which messages wait, and what a waiting message takes in memory and in the log.
 *
 * <p>JVMs of their own fill the directory, end in order or without warning, and open it again; the parent only listens. Not
 * here: whether everything is found again, which the proofs show. Start reading at {@link
 * io.millrace.bench.recovery.Recovery}.
 */
@NullMarked
package io.millrace.bench.recovery;

import org.jspecify.annotations.NullMarked;
