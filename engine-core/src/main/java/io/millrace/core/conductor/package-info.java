/**
 * Housekeeping: what happens by itself when its time comes, on the one daemon thread of an engine, on a stepped clock, or
 * on a caller that helps.
 *
 * <p>No message logic: the conductor tells owners of blocks that something is due. User code never runs here except
 * through futures that a timer completes. Start reading at {@link io.millrace.core.conductor.Conductor}.
 */
@NullMarked
package io.millrace.core.conductor;

import org.jspecify.annotations.NullMarked;
