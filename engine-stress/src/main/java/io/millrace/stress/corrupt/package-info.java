/**
 * Damage to the files of an engine: every bit of a small log flipped, every length cut off, pages and files that are not where
 * they belong. Whatever is done to a directory, opening it says so with a typed exception, or what it gives is sound.
 *
 * <p>Nothing here is published, and nothing here starts threads but {@link io.millrace.stress.corrupt.CorruptionMain}. Start
 * reading at {@link io.millrace.stress.corrupt.Judge}.
 */
@NullMarked
package io.millrace.stress.corrupt;

import org.jspecify.annotations.NullMarked;
