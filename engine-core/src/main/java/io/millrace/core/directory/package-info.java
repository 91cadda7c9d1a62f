/**
 * The directory of an engine: whether it may be used, that nobody else uses it, and its manifest, which says which segments
 * there are.
 *
 * <p>Nothing here knows what is in a segment. Opening and closing happen on the caller's thread; any thread may call what is
 * open. Start reading at {@link io.millrace.core.directory.EngineDirectory}.
 */
@NullMarked
package io.millrace.core.directory;

import org.jspecify.annotations.NullMarked;
