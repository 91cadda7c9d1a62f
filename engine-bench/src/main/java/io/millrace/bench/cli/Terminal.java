package io.millrace.bench.cli;

import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.charset.Charset;

/**
 * Where commands print.
 *
 * @param out results and progress
 * @param err what went wrong
 * @param isInteractive whether a person is watching {@code out}
 */
record Terminal(PrintWriter out, PrintWriter err, boolean isInteractive) {
    /** The streams of the process. */
    static Terminal ofProcess() {
        return new Terminal(writerTo(System.out), writerTo(System.err), hasConsole());
    }

    private static PrintWriter writerTo(PrintStream stream) {
        return new PrintWriter(stream, true, Charset.defaultCharset());
    }

    /** From JDK 22 on there is a console object even where there is none to look at; it knows the difference. */
    @SuppressWarnings("SystemConsoleNull") // it is asked as well
    private static boolean hasConsole() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            Method isTerminal = Console.class.getMethod("isTerminal");
            return (Boolean) isTerminal.invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
