package io.millrace.bench.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file as it comes back, piece by piece in any order. Thread-safe. */
final class RebuiltFile {
    private static final int FIRST_CAPACITY = 64;

    private @Nullable String name; // guarded by this
    private int lineCount; // guarded by this; known with the name
    private byte[] @Nullable [] lines = new byte[FIRST_CAPACITY][]; // guarded by this

    /** Puts a piece into its place; false if the place is taken, and then nothing changes. */
    synchronized boolean put(Piece piece) {
        return piece.isName() ? putName(piece) : putLine(piece);
    }

    private boolean putName(Piece piece) {
        if (name != null) {
            return false;
        }
        name = new String(piece.bytes(), ISO_8859_1);
        lineCount = piece.lines();
        return true;
    }

    private boolean putLine(Piece piece) {
        int line = piece.line();
        if (line >= lines.length) {
            lines = Arrays.copyOf(lines, Math.max(line + 1, lines.length * 2));
        }
        if (lines[line] != null) {
            return false;
        }
        lines[line] = piece.bytes();
        return true;
    }

    /** Whether the place of a piece holds just that piece. */
    synchronized boolean holds(Piece piece) {
        if (piece.isName()) {
            return lineCount == piece.lines() && new String(piece.bytes(), ISO_8859_1).equals(name);
        }
        return piece.line() < lines.length && Arrays.equals(lines[piece.line()], piece.bytes());
    }

    /** The name that came back, or an empty text as long as none did. */
    synchronized String name() {
        return name == null ? "" : name;
    }

    /** How many lines the file should have, as it came back with the name. */
    synchronized int lineCount() {
        return lineCount;
    }

    /** Numbers, from 0, of the lines below {@code count} that have not come back. */
    synchronized List<Integer> missing(int count) {
        List<Integer> missing = new ArrayList<>();
        for (int line = 0; line < count; line++) {
            if (line >= lines.length || lines[line] == null) {
                missing.add(line);
            }
        }
        return missing;
    }

    /** All lines that have come back, in order. */
    synchronized List<byte[]> content() {
        List<byte[]> content = new ArrayList<>();
        for (byte[] line : lines) {
            if (line != null) {
                content.add(line);
            }
        }
        return content;
    }
}
