package io.millrace.stress.explore;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Runs a {@link Scenario} in every order that its parties' steps can take, and looks at the words at the end of each.
 * Confined to one thread.
 */
// A party is plain code. What it has seen so far is its whole state, so a step runs it again from the beginning,
// answers the accesses that it has made before from memory, carries out one more, and stops it at the next. Two
// schedules that leave the same words and have shown each party the same values go on alike, so what follows is
// explored once and counted as often as it is reached.
public final class Explorer {
    /**
     * What was found.
     *
     * @param states different situations
     * @param schedules orders of steps, as many as a double holds
     * @param failure the first broken rule with the schedule that broke it, or empty
     */
    public record Result(String scenario, long states, double schedules, Optional<String> failure) {}

    private static final int MOST_STATES = 20_000_000;

    /** Thrown at the first access beyond the step in progress. */
    private static final class Suspended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Suspended() {
            super(null, null, false, false);
        }
    }

    /** Thrown by an access that has to wait for another party. */
    private static final class Blocked extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Blocked() {
            super(null, null, false, false);
        }
    }

    /** A rule was broken. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String sentence) {
            super(sentence, null, false, false);
        }
    }

    /** One situation: the words and what each party has seen. */
    private static final class Situation {
        final long[] words;
        final long[][] seen;
        final boolean[] done;

        Situation(long[] words, long[][] seen, boolean[] done) {
            this.words = words;
            this.seen = seen;
            this.done = done;
        }

        Situation copy() {
            return new Situation(words.clone(), seen.clone(), done.clone());
        }

        Key key() {
            int length = words.length;
            for (long[] each : seen) {
                length += each.length + 1;
            }
            final long[] all = Arrays.copyOf(words, length);
            int at = words.length;
            for (long[] each : seen) {
                all[at++] = each.length;
                System.arraycopy(each, 0, all, at, each.length);
                at += each.length;
            }
            return new Key(all);
        }
    }

    private static final class Key {
        private final long[] values;
        private final int hash;

        Key(long[] values) {
            this.values = values;
            this.hash = Arrays.hashCode(values);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(values, key.values);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** One step of one party. */
    private static final class Step implements Steps {
        private final long[] words;
        private long[] seen;
        private int at;
        private boolean stepped;
        private String text = "";

        Step(long[] words, long[] seen) {
            this.words = words;
            this.seen = seen;
        }

        /** Whether the access at hand was made in an earlier step. */
        private boolean isReplay() {
            return at < seen.length;
        }

        private void begin() {
            if (stepped) {
                throw new Suspended();
            }
            stepped = true;
        }

        private long saw(String access, int word, long value) {
            seen = Arrays.copyOf(seen, at + 1);
            seen[at++] = value;
            text = access + " w" + word + " -> " + Long.toHexString(value);
            return value;
        }

        private long replayed() {
            return seen[at++];
        }

        @Override
        public long read(int word) {
            return readWhen(word, value -> true);
        }

        @Override
        public long readWhen(int word, LongPredicate settled) {
            if (isReplay()) {
                return replayed();
            }
            begin();
            if (!settled.test(words[word])) {
                throw new Blocked();
            }
            return saw("read", word, words[word]);
        }

        @Override
        public void write(int word, long value) {
            swapAs("write", word, value);
        }

        @Override
        public long swap(int word, long value) {
            return swapAs("swap", word, value);
        }

        private long swapAs(String access, int word, long value) {
            if (isReplay()) {
                return replayed();
            }
            begin();
            final long before = words[word];
            words[word] = value;
            return saw(access, word, before);
        }

        @Override
        public long exchange(int word, long expected, long next) {
            if (isReplay()) {
                return replayed();
            }
            begin();
            final long before = words[word];
            if (before == expected) {
                words[word] = next;
            }
            return saw(before == expected ? "cas" : "lost cas", word, before);
        }

        @Override
        public long add(int word, long delta) {
            return isReplay() ? replayed() : swapAs("add", word, words[word] + delta);
        }

        @Override
        public long or(int word, long bits) {
            return isReplay() ? replayed() : swapAs("or", word, words[word] | bits);
        }

        @Override
        public long and(int word, long bits) {
            return isReplay() ? replayed() : swapAs("and", word, words[word] & bits);
        }

        @Override
        public void note(int word, long delta) {
            if (isReplay()) {
                replayed();
                return;
            }
            words[word] += delta;
            seen = Arrays.copyOf(seen, at + 1);
            seen[at++] = 0;
        }

        @Override
        public void expect(int word, long value, String sentence) {
            if (isReplay()) {
                replayed();
                return;
            }
            if (words[word] != value) {
                throw new Broken(sentence);
            }
            seen = Arrays.copyOf(seen, at + 1);
            seen[at++] = 0;
        }
    }

    private final Scenario scenario;
    private final List<Scenario.Party> parties;
    private final Map<Key, Double> explored = new HashMap<>();
    private final Deque<Integer> schedule = new ArrayDeque<>();

    private Explorer(Scenario scenario) {
        this.scenario = scenario;
        this.parties = scenario.parties();
    }

    /** Explores a scenario completely, or up to the first broken rule. */
    public static Result explore(Scenario scenario) {
        return new Explorer(scenario).run();
    }

    private Result run() {
        final Situation start = start();
        try {
            final double schedules = from(start);
            return new Result(scenario.name(), explored.size(), schedules, Optional.empty());
        } catch (Broken broken) {
            return new Result(
                    scenario.name(), explored.size(), 0, Optional.of(broken.getMessage() + ", after " + describe()));
        }
    }

    private Situation start() {
        final long[][] seen = new long[parties.size()][];
        Arrays.fill(seen, new long[0]);
        return new Situation(scenario.initial(), seen, new boolean[parties.size()]);
    }

    /** How many schedules lead on from here. */
    private double from(Situation here) {
        final Key key = here.key();
        final Double known = explored.get(key);
        if (known != null) {
            return known;
        }
        if (explored.size() >= MOST_STATES) {
            throw new IllegalStateException("scenario is too large: " + scenario.name());
        }
        double schedules = 0;
        boolean allDone = true;
        for (int party = 0; party < parties.size(); party++) {
            if (!here.done[party]) {
                allDone = false;
                final Situation next = here.copy();
                schedule.addLast(party);
                if (step(next, party).isPresent()) {
                    schedules += from(next);
                }
                schedule.removeLast();
            }
        }
        if (allDone) {
            checkEnd(here);
            schedules = 1;
        } else if (schedules == 0) {
            throw new Broken("parties wait for each other for ever");
        }
        explored.put(key, schedules);
        return schedules;
    }

    /** Carries out one step of a party; empty if it has to wait. */
    private Optional<String> step(Situation situation, int party) {
        final Step step = new Step(situation.words, situation.seen[party]);
        try {
            parties.get(party).program().run(step);
            situation.done[party] = true;
        } catch (Suspended suspended) {
            situation.done[party] = false;
        } catch (Blocked blocked) {
            return Optional.empty();
        }
        situation.seen[party] = step.seen;
        return Optional.of(step.text);
    }

    private void checkEnd(Situation end) {
        for (Scenario.Invariant invariant : scenario.invariants()) {
            if (!invariant.holds().test(end.words)) {
                throw new Broken("broken: " + invariant.sentence() + ", words=" + hex(end.words));
            }
        }
    }

    private static String hex(long[] words) {
        return Arrays.toString(Arrays.stream(words).mapToObj(Long::toHexString).toArray());
    }

    /** The schedule at hand, step by step. */
    private String describe() {
        final StringBuilder text = new StringBuilder();
        final Situation replay = start();
        for (int party : schedule) {
            text.append(parties.get(party).name()).append(": ");
            try {
                text.append(step(replay, party).orElse("waits"));
            } catch (Broken broken) {
                text.append("breaks it");
            }
            text.append("; ");
        }
        return text.toString();
    }
}
