package io.millrace.bench.demo;

import java.util.ArrayList;
import java.util.List;

/** Collects what handlers find wrong; keeps the first few and counts the rest. Thread-safe. */
final class Problems {
    private static final int KEPT = 20;

    private final List<String> kept = new ArrayList<>(); // guarded by this
    private long count; // guarded by this

    synchronized void add(String problem) {
        count++;
        if (kept.size() < KEPT) {
            kept.add(problem);
        }
    }

    /** Adds a problem if a figure is not what it must be. */
    void expect(String what, long expected, long actual) {
        if (expected != actual) {
            add("the books do not balance: " + what + " expected=" + expected + " actual=" + actual);
        }
    }

    synchronized void addAll(List<String> problems) {
        problems.forEach(this::add);
    }

    /** The problems kept, and how many more there were. */
    synchronized List<String> toList() {
        List<String> all = new ArrayList<>(kept);
        if (count > kept.size()) {
            all.add("and " + (count - kept.size()) + " more");
        }
        return List.copyOf(all);
    }
}
