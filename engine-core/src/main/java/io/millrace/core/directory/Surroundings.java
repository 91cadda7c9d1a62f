package io.millrace.core.directory;

import io.millrace.core.file.FileHook;
import io.millrace.core.file.SegmentFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What the machine tells about itself; tests put other machines in its place. Thread-safe. */
interface Surroundings {
    /** The kind of file system that a directory is on, for example {@code ext4}; empty if unknown. */
    String fileSystemType(Path directory) throws IOException;

    /** Number of the user that this process runs as, as a new file in the directory shows it; negative if unknown. */
    int processOwner(Path directory) throws IOException;

    /** Which start of the machine this is; {@link Manifest#UNKNOWN_BOOT} if it does not tell. */
    String boot();

    /** The machine that this process runs on. */
    static Surroundings real(FileHook hook) {
        return new Real(hook);
    }

    /** Immutable. */
    record Real(FileHook hook) implements Surroundings {
        private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random");
        private static final int UUID_LENGTH = 36;

        @Override
        public String fileSystemType(Path directory) throws IOException {
            return SegmentFile.fileSystemType(directory, hook);
        }

        @Override
        public int processOwner(Path directory) throws IOException {
            return SegmentFile.ownerOfNewFiles(directory, hook);
        }

        @Override
        public String boot() {
            try {
                final byte[] bytes = SegmentFile.readAll(BOOT_ID, "boot_id", 100, hook);
                final String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
                return text.length() == UUID_LENGTH && text.matches("[0-9a-f-]+") ? text : Manifest.UNKNOWN_BOOT;
            } catch (IOException e) { // not Linux, or hidden
                return Manifest.UNKNOWN_BOOT;
            }
        }
    }
}
