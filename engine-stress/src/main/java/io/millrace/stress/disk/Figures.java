package io.millrace.stress.disk;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How often what has happened. Confined to one thread. */
final class Figures {
    /** What is counted. */
    enum Figure {
        SENT,
        REFUSED,
        LARGE_REFUSED_SMALL_SENT,
        MOVED,
        MOVES_REFUSED,
        QUEUES_REFUSED,
        CHANGES_REFUSED,
        OPENINGS_REFUSED,
        OPENED_FULL,
        RESUMED_BY_ROOM,
        RESUMED_BY_ACKS,
        RESUMED_LARGE,
        /** The longest time from there being room to the send that was accepted. */
        LONGEST_MS;

        private String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private static final String PREFIX = "figures ";

    private final Map<Figure, Long> counts = new EnumMap<>(Figure.class);

    void count(Figure figure) {
        add(figure, 1);
    }

    void took(long ms) {
        add(Figure.LONGEST_MS, ms);
    }

    private void add(Figure figure, long value) {
        counts.merge(figure, value, figure == Figure.LONGEST_MS ? Math::max : Long::sum);
    }

    /** A line that {@link #addLine} understands. */
    String toLine() {
        return counts.entrySet().stream()
                .map(count -> count.getKey() + "=" + count.getValue())
                .collect(Collectors.joining(" ", PREFIX, ""));
    }

    /** Adds what a line of another process says, if it is one of figures. */
    void addLine(String line) {
        if (line.startsWith(PREFIX)) {
            for (String count : line.substring(PREFIX.length()).split(" ", -1)) {
                final int at = count.indexOf('=');
                add(Figure.valueOf(count.substring(0, at)), Long.parseLong(count.substring(at + 1)));
            }
        }
    }

    /** What never happened, so that nothing was proved of it. */
    List<String> missing() {
        return Arrays.stream(Figure.values())
                .filter(figure -> !counts.containsKey(figure))
                .map(Figure::text)
                .toList();
    }

    /** For people. */
    @Override
    public String toString() {
        return counts.entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry::getKey))
                .map(count -> count.getKey().text() + " " + count.getValue())
                .collect(Collectors.joining(", "));
    }
}
