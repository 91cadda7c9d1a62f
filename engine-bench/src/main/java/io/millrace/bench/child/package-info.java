/**
 * JVMs of their own for what must not share one: each has the heap, the direct memory and the options that its job needs,
 * and nothing of another job in its profile.
 *
 * <p>Parent and child speak in lines. Not here: what they say. The parent's side is used by one thread; a daemon thread
 * reads what the child prints. Start reading at {@link io.millrace.bench.child.ChildJvm}.
 */
@NullMarked
package io.millrace.bench.child;

import org.jspecify.annotations.NullMarked;
