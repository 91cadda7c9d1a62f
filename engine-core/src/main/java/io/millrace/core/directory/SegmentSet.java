package io.millrace.core.directory;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of segment indices, kept as ranges: its size is that of its text and not of the ranges' lengths. Immutable.
 *
 * <p>Its text is for example {@code 0-12,15}: ascending, no range next to another, and in no other form.
 */
public final class SegmentSet {
    /** No segment. */
    public static final SegmentSet EMPTY = new SegmentSet(new int[0]);

    /** Greatest index of a segment. */
    public static final int MAX_INDEX = Integer.MAX_VALUE - 1;

    private static final int MOST_DIGITS = 10;

    /** First and last index of each range in turn. */
    private final int[] bounds;

    private SegmentSet(int[] bounds) {
        this.bounds = bounds;
    }

    /** The set of a text, or null if it is not the text of any. */
    static @Nullable SegmentSet parse(String text) {
        if (text.isEmpty()) {
            return EMPTY;
        }
        final String[] ranges = text.split(",", -1);
        final int[] bounds = new int[2 * ranges.length];
        long before = -2;
        for (int i = 0; i < ranges.length; i++) {
            final int dash = ranges[i].indexOf('-');
            final long first = number(dash < 0 ? ranges[i] : ranges[i].substring(0, dash));
            final long last = dash < 0 ? first : number(ranges[i].substring(dash + 1));
            if (first < 0 || last < first || (dash >= 0 && last == first) || first <= before + 1) {
                return null;
            }
            bounds[2 * i] = (int) first;
            bounds[2 * i + 1] = (int) last;
            before = last;
        }
        return new SegmentSet(bounds);
    }

    /** An index, or a negative number if the text is none. */
    private static long number(String text) {
        final boolean isNumber = !text.isEmpty()
                && text.length() <= MOST_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && (text.length() == 1 || text.charAt(0) != '0');
        final long number = isNumber ? Long.parseLong(text) : -1;
        return number <= MAX_INDEX ? number : -1;
    }

    /** Whether the index is in the set. */
    public boolean contains(int index) {
        final int place = Arrays.binarySearch(bounds, index);
        // A bound itself, or a place after a first bound, so before its last.
        return place >= 0 || (-place - 1) % 2 == 1;
    }

    /** This set and the index. */
    public SegmentSet with(int index) {
        if (contains(index)) {
            return this;
        }
        final int at = -Arrays.binarySearch(bounds, index) - 1; // even
        final boolean joinsBefore = at > 0 && bounds[at - 1] == index - 1;
        final boolean joinsAfter = at < bounds.length && bounds[at] == index + 1;
        if (joinsBefore && joinsAfter) {
            return replaced(at - 1, at + 1);
        }
        if (joinsBefore) {
            return replaced(at - 1, at, index);
        }
        return joinsAfter ? replaced(at, at + 1, index) : replaced(at, at, index, index);
    }

    /** This set without the index. */
    public SegmentSet without(int index) {
        if (!contains(index)) {
            return this;
        }
        int range = 0;
        while (bounds[range + 1] < index) {
            range += 2;
        }
        final int first = bounds[range];
        final int last = bounds[range + 1];
        if (first == last) {
            return replaced(range, range + 2);
        }
        if (index == first) {
            return replaced(range, range + 1, index + 1);
        }
        return index == last
                ? replaced(range + 1, range + 2, index - 1)
                : replaced(range + 1, range + 1, index - 1, index + 1);
    }

    /** This set without those of another. */
    SegmentSet withoutAll(SegmentSet others) {
        final SegmentSet[] rest = {EMPTY};
        forEach(index -> rest[0] = others.contains(index) ? rest[0] : rest[0].with(index));
        return rest[0];
    }

    /** The bounds, with some of them replaced by others. */
    private SegmentSet replaced(int from, int to, int... by) {
        final int[] changed = new int[bounds.length - (to - from) + by.length];
        System.arraycopy(bounds, 0, changed, 0, from);
        System.arraycopy(by, 0, changed, from, by.length);
        System.arraycopy(bounds, to, changed, from + by.length, bounds.length - to);
        return new SegmentSet(changed);
    }

    /** The lowest index that is not in the set. */
    public int lowestFree() {
        return bounds.length == 0 || bounds[0] > 0 ? 0 : bounds[1] + 1;
    }

    /** How many indices there are. */
    public long count() {
        long count = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            count += bounds[i + 1] - (long) bounds[i] + 1;
        }
        return count;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** Lets {@code action} have each index, ascending. */
    public void forEach(IntConsumer action) {
        for (int i = 0; i < bounds.length; i += 2) {
            for (int index = bounds[i]; index <= bounds[i + 1]; index++) {
                action.accept(index);
            }
        }
    }

    /** The lowest index of this set that is not in {@code other}, or -1. */
    int firstMissingIn(SegmentSet other) {
        return firstMissingIn(other, 0);
    }

    /** The lowest index of this set, at least {@code from}, that is not in {@code other}, or -1. */
    int firstMissingIn(SegmentSet other, int from) {
        for (int i = 0; i < bounds.length; i += 2) {
            final int missing = other.firstFreeFrom(Math.max(bounds[i], from));
            if (missing <= bounds[i + 1]) {
                return missing;
            }
        }
        return -1;
    }

    private int firstFreeFrom(int index) {
        final int place = Arrays.binarySearch(bounds, index);
        final int last = place >= 0 ? place | 1 : -place - 1;
        return last % 2 == 1 ? bounds[last] + 1 : index;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SegmentSet set && Arrays.equals(bounds, set.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < bounds.length; i += 2) {
            text.append(i == 0 ? "" : ",").append(bounds[i]);
            if (bounds[i + 1] > bounds[i]) {
                text.append('-').append(bounds[i + 1]);
            }
        }
        return text.toString();
    }
}
