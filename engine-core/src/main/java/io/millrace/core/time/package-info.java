/**
 * Time as a parameter: engine time, clocks that are stepped by hand, and the tree of deadlines over blocks of slots.
 *
 * <p>This package alone turns clock readings into engine milliseconds. Any thread reads time; deadlines fire on the
 * conductor or on a caller that helps. Start reading at {@link io.millrace.core.time.EngineTime}.
 */
@NullMarked
package io.millrace.core.time;

import org.jspecify.annotations.NullMarked;
