/**
 * The designs that were measured before the engine was built, the rejected ones among them, kept runnable so that each
 * figure in {@code docs/decisions} can be checked again.
 *
 * <p>Not here: benchmarks of the engine itself, and anything the engine uses; these classes depend on the JDK alone,
 * each has a {@code main}, and the code is as short as an honest comparison allows (it handles no errors that the
 * comparison does not provoke). Everything runs on the thread of {@code main} and on the threads that a trial starts
 * and joins. Start at {@link io.millrace.bench.alternatives.Prototype}, then read the class that a decision names.
 */
package io.millrace.bench.alternatives;
