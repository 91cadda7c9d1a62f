package io.millrace.stress.kill;

import java.util.ArrayList;
import java.util.List;

/** What contradicts the promises; keeps the first few. Confined to one thread. */
final class Findings {
    private static final int KEPT = 20;

    private final List<String> kept = new ArrayList<>();
    private long line;

    /** From here on everything is found in this line. */
    void at(long newLine) {
        line = newLine;
    }

    long line() {
        return line;
    }

    void add(String what) {
        if (kept.size() < KEPT) {
            kept.add("line " + line + ": " + what);
        }
    }

    void check(boolean holds, String otherwise, Object about) {
        if (!holds) {
            add(otherwise + ": " + about);
        }
    }

    List<String> toList() {
        return List.copyOf(kept);
    }
}
