package io.millrace.core.log;

import io.millrace.api.CorruptLogException;
import io.millrace.api.DirectoryDamagedException;
import io.millrace.api.DirectoryException;
import io.millrace.core.directory.FileNames;

/**
 * Something in a directory that must not be. Immutable.
 *
 * @param file name of the file
 * @param from first byte
 * @param to the byte after the last; equal to {@code from} if nothing is there at all
 * @param problem what is wrong there
 */
public record LogDamage(String file, long from, long to, String problem) {
    /** Why a manifest cannot be read. */
    static LogDamage ofManifest(DirectoryException problem) {
        if (problem instanceof DirectoryDamagedException damaged) {
            return new LogDamage(damaged.file(), 0, 0, damaged.problem());
        }
        if (problem instanceof CorruptLogException corrupt) {
            return new LogDamage(corrupt.file(), corrupt.fromOffset(), corrupt.toOffset(), corrupt.problem());
        }
        return new LogDamage(FileNames.MANIFEST, 0, 0, String.valueOf(problem.getMessage()));
    }

    @Override
    public String toString() {
        return "file=" + file + " from=" + from + " to=" + to + " problem=" + problem;
    }
}
