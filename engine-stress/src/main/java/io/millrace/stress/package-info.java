/**
 * Proofs that take longer than a unit test: the main class that runs them, and what they share.
 *
 * <p>Nothing here is published. The jcstress classes lie in the packages of the structures that they test. Start reading at
 * {@link io.millrace.stress.Proofs}.
 */
@NullMarked
package io.millrace.stress;

import org.jspecify.annotations.NullMarked;
