package io.millrace.api.check;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Checks of arguments and the one form of their messages: what must hold, then {@code name=value}. Stateless,
 * thread-safe.
 */
public final class Arguments {
    /** Longest time for which a message may be hidden, by a delay or by a visibility timeout: 90 days. */
    public static final Duration MAX_HIDDEN = Duration.ofDays(90);

    /** Longest time for which a call or a shutdown may be asked to wait: one hour. */
    public static final Duration MAX_WAIT = Duration.ofHours(1);

    private static final int NS_PER_MS = 1_000_000;

    private Arguments() {}

    /**
     * Refuses null.
     *
     * @param <T> type of the value
     * @param name what the message calls the value
     * @param value the value to check
     * @return the value
     * @throws NullPointerException if the value is null
     */
    public static <T> T notNull(String name, @Nullable T value) {
        if (value == null) {
            throw new NullPointerException(name + " must not be null");
        }
        return value;
    }

    /**
     * Refuses an integer outside a range.
     *
     * @param name what the message calls the value
     * @param value the value to check
     * @param min least value allowed
     * @param max greatest value allowed
     * @return the value
     * @throws IllegalArgumentException if the value is outside the range
     */
    public static int between(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be between " + min + " and " + max + ": " + name + "=" + value);
        }
        return value;
    }

    /**
     * Refuses an integer below a bound.
     *
     * @param name what the message calls the value
     * @param value the value to check
     * @param min least value allowed
     * @return the value
     * @throws IllegalArgumentException if the value is below the bound
     */
    public static long atLeast(String name, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(name + " must be at least " + min + ": " + name + "=" + value);
        }
        return value;
    }

    /**
     * Refuses a negative duration and one above a bound, and rounds the rest up to whole milliseconds.
     *
     * @param name what the message calls the value
     * @param value the value to check, not null
     * @param max greatest value allowed, of whole milliseconds
     * @return the value in whole milliseconds
     * @throws NullPointerException if the value is null
     * @throws IllegalArgumentException if the value is negative or above the bound
     */
    public static Duration atMost(String name, Duration value, Duration max) {
        notNull(name, value);
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative: " + name + "=" + value);
        }
        if (value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + " must be at most " + max + ": " + name + "=" + value);
        }
        return wholeMs(value);
    }

    /**
     * Refuses a duration that is negative, zero or above a bound, and rounds the rest up to whole milliseconds.
     *
     * @param name what the message calls the value
     * @param value the value to check, not null
     * @param max greatest value allowed, of whole milliseconds
     * @return the value in whole milliseconds
     * @throws NullPointerException if the value is null
     * @throws IllegalArgumentException if the value is not positive or above the bound
     */
    public static Duration positiveAtMost(String name, Duration value, Duration max) {
        notNull(name, value);
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be positive: " + name + "=" + value);
        }
        return atMost(name, value, max);
    }

    /**
     * Text from outside, made safe for a message or a log line: cut to a length, with everything that does not print
     * escaped.
     *
     * @param value the text to show
     * @param maxChars how many characters of it to show at most
     * @return the text itself if it is short and harmless; if it was cut, three dots follow
     */
    public static String shown(String value, int maxChars) {
        int end = Math.min(value.length(), maxChars);
        StringBuilder shown = new StringBuilder(end + 3);
        for (int i = 0; i < end; i++) {
            char c = value.charAt(i);
            if (isPrintable(c)) {
                shown.append(c);
            } else {
                shown.append(String.format("\\u%04x", (int) c));
            }
        }
        return end < value.length() ? shown.append("...").toString() : shown.toString();
    }

    /** Surrogates count as unprintable, so that a cut never leaves half a character behind. */
    private static boolean isPrintable(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static Duration wholeMs(Duration value) {
        int restNs = value.toNanosPart() % NS_PER_MS;
        return restNs == 0 ? value : value.plusNanos(NS_PER_MS - restNs);
    }
}
