/**
 * The kill harness: a JVM works on a directory until it is killed, again and again, and what it finds there is held against
 * what it had been promised.
 *
 * <p>{@link io.millrace.stress.kill.KillMain} is the JVM that is killed: it says what it is about to do and what it was
 * answered, a line each, before it goes on. {@link io.millrace.stress.kill.Ledger} reads these lines and knows what must be
 * there, may be there, and must not. {@link io.millrace.stress.kill.KillRun} starts and kills. Not here: how many kills
 * there are. Lines are read by one thread for each directory; in the child several threads work. Start reading at {@link
 * io.millrace.stress.kill.Ledger}.
 */
@NullMarked
package io.millrace.stress.kill;

import org.jspecify.annotations.NullMarked;
