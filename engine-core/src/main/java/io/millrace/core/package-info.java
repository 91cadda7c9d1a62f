/**
 * The core that all kinds of queues stand on, put together.
 *
 * <p>Wiring only; the parts have packages of their own. Start reading at {@link io.millrace.core.EngineCore}.
 */
@NullMarked
package io.millrace.core;

import org.jspecify.annotations.NullMarked;
