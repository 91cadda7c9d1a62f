/**
 * Crash images: what may be on the disk when the power goes, made up from what an engine at {@code POWER_LOSS} has forced and
 * what it has only written. Whichever of them is opened, it holds what had been promised by then.
 *
 * <p>{@link io.millrace.stress.images.CrashDisk} watches the system calls of an engine and knows what its disk must have and what
 * it may have. {@link io.millrace.stress.images.Work} keeps that engine busy, and {@link io.millrace.stress.images.Promises}
 * knows what it was answered. {@link io.millrace.stress.images.ImageJudge} opens images and holds them against it. Not here: how
 * many images there are. All of it runs on one thread and on a stepped clock, so that a seed says everything but the salts of
 * segments. Start reading at {@link io.millrace.stress.images.ImageRun}.
 */
@NullMarked
package io.millrace.stress.images;

import org.jspecify.annotations.NullMarked;
