package io.millrace.bench.report;

import java.util.Locale;

/** Numbers as people read them, the same in every locale. Stateless. */
public final class Figures {
    private static final double NS_PER_US = 1_000.0;

    private Figures() {}

    /** A whole number with separators: {@code 1,234,567}. */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A number with separators and a fixed number of decimals. */
    public static String decimal(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** Nanoseconds as microseconds. */
    public static double microseconds(long ns) {
        return ns / NS_PER_US;
    }

    /** A duration in the unit that fits it: {@code 0.87 us}, {@code 12.40 ms}, {@code 3.21 s}. */
    public static String duration(long ns) {
        if (ns < 1_000_000L) {
            return decimal(ns / NS_PER_US, 2) + " us";
        }
        return ns < 1_000_000_000L ? decimal(ns / 1e6, 2) + " ms" : decimal(ns / 1e9, 2) + " s";
    }
}
