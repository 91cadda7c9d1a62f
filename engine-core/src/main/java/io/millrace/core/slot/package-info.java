/**
 * Message slots: fixed-size off-heap cells addressed by sequence, in chunks of 64, from one pool of blocks per engine.
 *
 * <p>Here stand the layout of a slot, its control word with every legal transition as a pure function, the pool, and the
 * directory from sequences to chunks. What a queue does with slots stands in {@code io.millrace.queue}. Any thread runs
 * this code, inside the gate. Start reading at {@link io.millrace.core.slot.ControlWord}.
 */
@NullMarked
package io.millrace.core.slot;

import org.jspecify.annotations.NullMarked;
