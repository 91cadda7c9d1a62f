/**
 * Planted bugs, each with the detector that catches it: what the tests are worth.
 *
 * <p>A mutant is a change of text in a copy of one production source, compiled and put in front of the class path of a JVM of
 * its own. Nothing here changes what production does. Start reading at {@link io.millrace.stress.mutants.Mutants}.
 */
@NullMarked
package io.millrace.stress.mutants;

import org.jspecify.annotations.NullMarked;
