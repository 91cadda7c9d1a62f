/**
 * The zero-allocation tier: sending from and receiving into the caller's code without a copy on the heap.
 *
 * <p>It speaks {@link java.nio.ByteBuffer} in native byte order, numbers instead of ids, and {@link
 * io.millrace.api.raw.Codes} instead of exceptions; the guarantees are those of {@code io.millrace.api.queue}. Nothing
 * here may be shared between threads except {@link io.millrace.api.raw.RawQueue} itself; every call runs on the thread
 * that makes it. Whoever waits for a force at {@code POWER_LOSS} allocates some dozens of bytes for that; nothing else here does in
 * the long run. Start reading at {@link io.millrace.api.raw.RawQueue}.
 */
@NullMarked
package io.millrace.api.raw;

import org.jspecify.annotations.NullMarked;
