/**
 * Engines on small disks that are full: sends are refused, what needs no room or has some in reserve goes on, everything resumes
 * when there is room, and a directory that was closed or left on a full disk holds what had been promised.
 *
 * <p>{@link io.millrace.stress.disk.FullDiskMain} mounts small disks and starts JVMs on them, so that none of their ends goes
 * unnoticed; {@link io.millrace.stress.disk.LifeMain} is such a JVM, with one engine after the other on one thread. Start reading at
 * {@link io.millrace.stress.disk.Life}.
 */
@NullMarked
package io.millrace.stress.disk;

import org.jspecify.annotations.NullMarked;
