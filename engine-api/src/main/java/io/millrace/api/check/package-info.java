/**
 * How the values of this module check their arguments, so that all of them complain in the same words.
 *
 * <p>No rule about a particular value lives here, only the shapes that rules have. Exported to the engine
 * only; any thread runs this code. Start reading at {@link io.millrace.api.check.Arguments}.
 */
@NullMarked
package io.millrace.api.check;

import org.jspecify.annotations.NullMarked;
