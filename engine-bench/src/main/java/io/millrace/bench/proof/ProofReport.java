package io.millrace.bench.proof;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is shown and kept: every line goes to the terminal and to the file, and ends in a summary. Thread-safe: a process's
 * output comes on a thread of its own.
 */
public final class ProofReport implements AutoCloseable {
    private static final String NOT_RUN = "NOT RUN: ";
    private static final Pattern VERDICT = Pattern.compile(".+: (ok|FAILED), .+");

    private final PrintWriter terminal;
    private final PrintWriter file;
    private final List<String> verdicts = new ArrayList<>();
    private int failed;
    private int notRun;
    private boolean inSummary;

    /**
     * Begins a report.
     *
     * @throws IOException if the file cannot be written
     */
    public ProofReport(PrintWriter terminal, Path path) throws IOException {
        this.terminal = terminal;
        this.file = new PrintWriter(Files.newBufferedWriter(path));
    }

    /** Shows and keeps a line. */
    public synchronized void say(String line) {
        terminal.println(line);
        file.println(line);
    }

    /** A line of a process: shown and kept, and if it is a verdict or says what did not run, repeated in the summary. */
    synchronized void output(String line) {
        say(line);
        if (line.startsWith("== ")) {
            inSummary = line.startsWith("== summary");
        } else if (inSummary && line.contains(": " + NOT_RUN)) {
            notRun(line.replace(": " + NOT_RUN, ": "));
        } else if (line.startsWith(NOT_RUN)) {
            notRun(line.substring(NOT_RUN.length()));
        } else if (inSummary && VERDICT.matcher(line).matches()) {
            verdicts.add(line);
        }
    }

    synchronized void notRun(String text) {
        notRun++;
        verdicts.add(NOT_RUN + text);
    }

    synchronized void ok(Leg leg, String text) {
        verdicts.add(leg.name() + ": ok, " + text);
    }

    synchronized void failed(Leg leg, String text) {
        failed++;
        verdicts.add(leg.name() + ": FAILED, " + text);
    }

    /** Shows and keeps the summary; whether everything that ran holds. */
    public synchronized boolean sum() {
        say("");
        say("== summary");
        verdicts.forEach(this::say);
        say("not run: " + notRun);
        say(failed == 0 ? "proof: OK" : "proof: FAILED");
        return failed == 0;
    }

    @Override
    public synchronized void close() {
        file.close();
        if (file.checkError()) {
            throw new UncheckedIOException(new IOException("the report could not be written to its end"));
        }
    }
}
