/**
 * What benchmarks need from the disk and the system beneath it: directories that come and go, page faults, and how fast the
 * disk itself is.
 *
 * <p>Knows nothing of queues or engines; works on the thread that calls it. Start reading at {@link
 * io.millrace.bench.disk.WorkDirectory}.
 */
@NullMarked
package io.millrace.bench.disk;

import org.jspecify.annotations.NullMarked;
