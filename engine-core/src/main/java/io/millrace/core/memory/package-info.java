/**
 * The only code that touches raw memory: regions of off-heap words and bytes, allocated against one budget or mapped from a
 * file that somebody else opened, and their release at a known moment.
 *
 * <p>Nothing here knows what the bytes mean. Any thread may call it; a region is as thread-safe as the access mode that
 * the caller names. Start reading at {@link io.millrace.core.memory.Region}.
 */
@NullMarked
package io.millrace.core.memory;

import org.jspecify.annotations.NullMarked;
