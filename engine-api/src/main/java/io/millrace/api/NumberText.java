package io.millrace.api;

import io.millrace.api.check.Arguments;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** What a number attribute may look like, and how large it may be. Stateless, thread-safe. */
final class NumberText {
    /** {@link BigDecimal} reads the digits of all scripts; other readers of the text do not. */
    private static final Pattern GRAMMAR = Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?");

    /** Long enough for every number in range without exponent; a bound on the work of reading it. */
    private static final int MAX_CHARS = 256;

    private static final int MAX_DIGITS = 38;
    private static final int MIN_EXPONENT = -128;
    private static final int MAX_EXPONENT = 126;
    private static final BigDecimal MAX_MAGNITUDE = BigDecimal.ONE.scaleByPowerOfTen(MAX_EXPONENT);

    private NumberText() {}

    /** Returns the text if it is a number in range. */
    static String check(String text) {
        if (text.length() > MAX_CHARS || !GRAMMAR.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "number must be decimal digits with an optional sign, point and exponent, " + "at most " + MAX_CHARS
                            + " characters: text=" + Arguments.shown(text, 64));
        }
        BigDecimal value = new BigDecimal(text);
        checkMagnitude(value);
        checkDigits(value);
        return text;
    }

    /** Comes first, because removing zeros from a number with an extreme exponent may overflow. */
    private static void checkMagnitude(BigDecimal value) {
        long exponent = (long) value.precision() - value.scale() - 1;
        if (exponent < MIN_EXPONENT || exponent > MAX_EXPONENT || value.abs().compareTo(MAX_MAGNITUDE) > 0) {
            throw new IllegalArgumentException("number must be zero or have a magnitude between 1e" + MIN_EXPONENT
                    + " and 1e" + MAX_EXPONENT + ": exponent=" + exponent);
        }
    }

    private static void checkDigits(BigDecimal value) {
        int digits = value.stripTrailingZeros().precision();
        if (digits > MAX_DIGITS) {
            throw new IllegalArgumentException(
                    "number must have at most " + MAX_DIGITS + " significant digits: digits=" + digits);
        }
    }
}
