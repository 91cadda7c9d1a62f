/**
 * The door of Millrace: open an engine, close it.
 *
 * <p>Wiring only. Everything else users say is in {@code io.millrace.api}. Start reading at {@link io.millrace.Engine}.
 */
@NullMarked
package io.millrace;

import org.jspecify.annotations.NullMarked;
