package io.millrace.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A table in plain text: the first column to the left, the others to the right. Confined to one thread. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean hasHeader;

    private TextTable(boolean hasHeader) {
        this.hasHeader = hasHeader;
    }

    /** A table whose columns have names. */
    public static TextTable withHeader(String... names) {
        return new TextTable(true).row(names);
    }

    /** A table of names and values. */
    public static TextTable ofPairs() {
        return new TextTable(false);
    }

    /** Adds a row; all rows have the same number of cells. */
    public TextTable row(String... cells) {
        if (!rows.isEmpty() && rows.get(0).size() != cells.length) {
            throw new IllegalArgumentException("rows must be equally long: cells=" + cells.length + " first="
                    + rows.get(0).size());
        }
        rows.add(List.of(cells));
        return this;
    }

    /** Adds a row whose second cell is a number, shown with separators. */
    public TextTable row(String name, long value) {
        return row(name, Figures.count(value));
    }

    /** The lines from top to bottom, without trailing blanks. */
    public List<String> lines() {
        int[] widths = widths();
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add(line(row, widths));
            if (hasHeader && lines.size() == 1) {
                lines.add(line(rule(widths), widths));
            }
        }
        return lines;
    }

    private int[] widths() {
        int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private static List<String> rule(int[] widths) {
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        return rule;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            String blanks = " ".repeat(widths[i] - cell.length());
            line.append(i == 0 ? "" : GAP).append(i == 0 ? cell + blanks : blanks + cell);
        }
        return line.toString().stripTrailing();
    }
}
