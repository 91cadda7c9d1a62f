/**
 * {@code millrace proof}: every test and proof of the project, on every JDK that there is, and a report of it.
 *
 * <p>Everything runs in processes of its own, one after the other: Maven for the tests, {@code io.millrace.stress.Proofs} for
 * the rest. Not here: what the proofs do, and options. The main thread runs the legs; a thread for each process reads what it
 * prints. Start reading at {@link io.millrace.bench.proof.ProofPlan}.
 */
@NullMarked
package io.millrace.bench.proof;

import org.jspecify.annotations.NullMarked;
