/**
 * The record log: append-only segments whose records are addressed by position and read in place.
 *
 * <p>Here stand the layout of a record, claiming and committing, and the life of segments. What a record means to a queue
 * stands elsewhere; so does time. Any thread runs this code, inside the gate. Start reading at {@link
 * io.millrace.core.log.RecordLog}.
 */
@NullMarked
package io.millrace.core.log;

import org.jspecify.annotations.NullMarked;
