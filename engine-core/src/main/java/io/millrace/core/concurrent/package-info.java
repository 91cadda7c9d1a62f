/**
 * What threads share and how they wait: padded words and the gate that every operation passes.
 *
 * <p>No messages, no time, no memory beyond words. Any thread runs this code. Start reading at {@link
 * io.millrace.core.concurrent.OperationGate}.
 */
@NullMarked
package io.millrace.core.concurrent;

import org.jspecify.annotations.NullMarked;
