/**
 * What stands between a record's header and its payload: message attributes and where a moved message came from.
 *
 * <p>Bytes in, values out; no memory regions, no I/O. Immutable values, any thread. Start reading at {@link
 * io.millrace.core.codec.RecordProperties}.
 */
@NullMarked
package io.millrace.core.codec;

import org.jspecify.annotations.NullMarked;
