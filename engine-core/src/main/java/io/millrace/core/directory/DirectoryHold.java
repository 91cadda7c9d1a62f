package io.millrace.core.directory;

import io.millrace.api.DirectoryInUseException;
import io.millrace.core.file.FileFacts;
import io.millrace.core.file.FileHook;
import io.millrace.core.file.SegmentFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keeps engines out of a directory while it is read, as far as that can be done without writing there: one whose lock file is
 * missing, or may not be opened, cannot be locked. Confined to one thread.
 */
public final class DirectoryHold implements AutoCloseable {
    private final OpenDirectories.Entry entry;
    private final SegmentFile.@Nullable Lock lock;

    private DirectoryHold(OpenDirectories.Entry entry, SegmentFile.@Nullable Lock lock) {
        this.entry = entry;
        this.lock = lock;
    }

    /**
     * Takes hold of a directory.
     *
     * @throws DirectoryInUseException if an engine has it open
     */
    public static DirectoryHold of(DirectoryInspection inspection) {
        try {
            return of(inspection.directory());
        } catch (IOException e) {
            throw DirectoryOpening.explained(inspection.directory(), e);
        }
    }

    private static DirectoryHold of(Path directory) throws IOException {
        final FileFacts facts = SegmentFile.look(directory, FileHook.NONE);
        final OpenDirectories.Entry entry = OpenDirectories.tryEnter(directory, facts == null ? null : facts.key());
        if (entry == null) {
            throw DirectoryInUseException.byThisProcess(directory);
        }
        boolean held = false;
        try {
            final DirectoryHold hold = new DirectoryHold(entry, lock(directory));
            held = true;
            return hold;
        } finally {
            if (!held) {
                entry.leave();
            }
        }
    }

    private static SegmentFile.@Nullable Lock lock(Path directory) throws IOException {
        final Path file = directory.resolve(FileNames.LOCK);
        if (SegmentFile.look(file, FileHook.NONE) == null || !SegmentFile.isWritable(file, FileHook.NONE)) {
            return null;
        }
        final SegmentFile.Lock lock = SegmentFile.lock(directory, FileNames.LOCK, FileHook.NONE);
        boolean held = false;
        try {
            DirectoryOpening.requireHeld(directory, lock);
            held = true;
            return lock;
        } finally {
            if (!held) {
                lock.close();
            }
        }
    }

    /** Whether no engine can open the directory meanwhile. */
    public boolean isLocked() {
        return lock != null;
    }

    @Override
    public void close() {
        if (lock != null) {
            lock.close();
        }
        entry.leave();
    }
}
