package io.millrace.bench.demo;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The receiving side: all that is known of the files here came out of the queue. Thread-safe. */
final class RebuiltFiles {
    private final Map<Integer, RebuiltFile> files = new ConcurrentHashMap<>();
    private final int maxLines;

    /** @param maxLines most lines that a file can have */
    RebuiltFiles(int maxLines) {
        this.maxLines = maxLines;
    }

    /**
     * Puts a piece into its place.
     *
     * @return false if the place is taken
     * @throws IllegalArgumentException if no file can have such a line
     */
    boolean put(Piece piece) {
        if (!piece.isName() && piece.line() >= maxLines) {
            throw new IllegalArgumentException("line number must be below " + maxLines + ": line=" + piece.line());
        }
        return files.computeIfAbsent(piece.file(), number -> new RebuiltFile()).put(piece);
    }

    /** Whether the place of a piece holds just that piece. */
    boolean holds(Piece piece) {
        RebuiltFile file = find(piece.file());
        return file != null && file.holds(piece);
    }

    /** The file of a number, or null if nothing of it has come back. */
    @Nullable
    RebuiltFile find(int number) {
        return files.get(number);
    }

    /** How many files have come back, in part at least. */
    int count() {
        return files.size();
    }
}
