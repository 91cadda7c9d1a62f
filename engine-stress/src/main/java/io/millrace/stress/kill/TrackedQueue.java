package io.millrace.stress.kill;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is known of one queue. Confined to one thread; read and written by the {@link Ledger} only. */
final class TrackedQueue {
    final String name;
    boolean mayExist;
    boolean mayBeAbsent = true;

    /** Numbers of the configurations that it may have; more than one while a change is under way. */
    final Set<Integer> configs = new HashSet<>();

    final Set<Map<String, String>> tags = new HashSet<>(Set.of(Map.of()));

    /** Which message had which place; those that the raw tier has told. */
    final Map<Long, Long> numberAtPlace = new HashMap<>();

    long highestPlace = -1;

    /** Receives under way that may give back what they took, and the line at which the last one was over. */
    int openPolls;

    long polledLine = -1;

    /** Receives that a kill has cut off, each of which may have counted once. */
    int lostReceives;

    /** Whether a redrive from here may have been at work since everybody last stood still. */
    boolean redriven;

    TrackedQueue(String name) {
        this.name = name;
    }

    /** It is another queue of that name. */
    void createdAnew() {
        numberAtPlace.clear();
        highestPlace = -1;
    }

    /** All tags that there may be, each changed. */
    void tagged(Map<String, String> more, Set<String> fewer) {
        final Set<Map<String, String>> changed = new HashSet<>();
        for (Map<String, String> before : tags) {
            final Map<String, String> after = new TreeMap<>(before);
            after.putAll(more);
            after.keySet().removeAll(fewer);
            changed.add(after);
        }
        tags.addAll(changed);
    }
}
