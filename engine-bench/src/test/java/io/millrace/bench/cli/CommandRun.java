package io.millrace.bench.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command printed, and its exit code. */
record CommandRun(int exitCode, String out, String err) {
    /** Runs the command line in this JVM. */
    static CommandRun of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Millrace.run(new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false), args);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
