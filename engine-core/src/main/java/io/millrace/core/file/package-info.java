/**
 * Files: every system call that touches one is made in {@link io.millrace.core.file.SegmentFile}, is announced to a hook, and
 * is neither ended nor broken by an interrupt.
 *
 * <p>Nothing here knows what the bytes mean, which files belong together, or whether an engine may use a directory. It runs on
 * whatever thread asks. Start reading at {@link io.millrace.core.file.SegmentFile}.
 */
@NullMarked
package io.millrace.core.file;

import org.jspecify.annotations.NullMarked;
