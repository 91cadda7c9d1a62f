package io.millrace.stress.explore;

import java.util.function.LongPredicate;

/** The shared words as a party sees them: each access is one atomic step, and any other party may step in between. */
public interface Steps {
    long read(int word);

    /** Waits until the word is of a kind, as a spinning thread does, and answers it. */
    long readWhen(int word, LongPredicate settled);

    void write(int word, long value);

    /** Stores and answers what was there. */
    long swap(int word, long value);

    /** The witness value: equal to {@code expected} if and only if {@code next} was stored. */
    long exchange(int word, long expected, long next);

    /** Adds and answers what was there. */
    long add(int word, long delta);

    /** Sets bits and answers what was there. */
    long or(int word, long bits);

    /** Keeps bits and answers what was there. */
    long and(int word, long bits);

    /** Adds to a word of the bookkeeping, in the same step as the access before. */
    void note(int word, long delta);

    /** Fails the schedule unless a word of the bookkeeping holds a value at the moment of the access before. */
    void expect(int word, long value, String sentence);

    default boolean cas(int word, long expected, long next) {
        return exchange(word, expected, next) == expected;
    }
}
