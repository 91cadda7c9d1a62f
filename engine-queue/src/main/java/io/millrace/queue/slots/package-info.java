/**
 * One standard queue as slots: sequences, claiming, deadlines, ends, counters. No copies, no handles, no waiting.
 *
 * <p>Both tiers of the API stand on this package; everything runs on the caller's thread inside the gate. Start reading
 * at {@link io.millrace.queue.slots.SlotQueue}.
 */
@NullMarked
package io.millrace.queue.slots;

import org.jspecify.annotations.NullMarked;
