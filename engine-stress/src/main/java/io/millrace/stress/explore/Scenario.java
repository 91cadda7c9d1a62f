package io.millrace.stress.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Words, the parties that use them, and what must hold when all have finished, whatever the order of their steps. Mutable
 * while it is put together.
 */
public final class Scenario {
    /** What one party does: deterministic but for what its accesses answer, without side effects, run many times. */
    @FunctionalInterface
    public interface Program {
        void run(Steps at);
    }

    record Party(String name, Program program) {}

    record Invariant(String sentence, Predicate<long[]> holds) {}

    private final String name;
    private final long[] initial;
    private final List<Party> parties = new ArrayList<>();
    private final List<Invariant> invariants = new ArrayList<>();

    /** @param words how many words there are, all zero at first */
    public Scenario(String name, int words) {
        this.name = name;
        this.initial = new long[words];
    }

    /** Sets a word before anybody runs. */
    public Scenario given(int word, long value) {
        initial[word] = value;
        return this;
    }

    /** Adds a party. */
    public Scenario party(String partyName, Program program) {
        parties.add(new Party(partyName, program));
        return this;
    }

    /** Adds something that must hold of the words when all parties have finished. */
    public Scenario finallyHolds(String sentence, Predicate<long[]> holds) {
        invariants.add(new Invariant(sentence, holds));
        return this;
    }

    public String name() {
        return name;
    }

    long[] initial() {
        return initial.clone();
    }

    List<Party> parties() {
        return List.copyOf(parties);
    }

    List<Invariant> invariants() {
        return List.copyOf(invariants);
    }
}
