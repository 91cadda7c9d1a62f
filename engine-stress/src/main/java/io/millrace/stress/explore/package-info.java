/**
 * The explorer: every interleaving of a few parties that share words, one atomic access at a time, for the races that have
 * three sides.
 *
 * <p>The parties call the production transition function ({@code ControlWord}) and follow the order of steps of {@code
 * SlotQueue}, {@code SlotUpkeep} and {@code Directory}; no engine runs here, no thread is started. Everything happens on the
 * caller's thread. Start reading at {@link io.millrace.stress.explore.SlotScenarios}.
 */
@NullMarked
package io.millrace.stress.explore;

import org.jspecify.annotations.NullMarked;
