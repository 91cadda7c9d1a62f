/**
 * The zero-allocation tier over the slots of a queue: claims written in place, polls that lend views.
 *
 * <p>Senders and receivers are confined to one thread each and own a member of the gate. User code runs outside the gate
 * and under a loan. Start reading at {@link io.millrace.queue.raw.SlotRawReceiver}.
 */
@NullMarked
package io.millrace.queue.raw;

import org.jspecify.annotations.NullMarked;
