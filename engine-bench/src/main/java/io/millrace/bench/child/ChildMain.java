package io.millrace.bench.child;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The child's side of a {@link ChildJvm}: runs a job and tells the parent how it ended. Stateless. */
public final class ChildMain {
    /** What a line begins with that says what went wrong. */
    static final String FAILED = "failed: ";

    /** What a child does. */
    @FunctionalInterface
    public interface Job {
        /**
         * Works until it is done, or until there are no more lines.
         *
         * @param orders lines of the parent
         * @param answers lines for the parent
         */
        void run(BufferedReader orders, PrintStream answers) throws Exception;
    }

    private ChildMain() {}

    /** Runs a job on this thread and exits, with 1 if it failed. */
    @SuppressWarnings("SystemExitOutsideMain") // this is the end of several main methods
    public static void run(Job job) {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            job.run(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), answers);
        } catch (Throwable e) { // the parent must hear of it, whatever it is
            answers.println(FAILED + String.valueOf(e).replace('\n', ' '));
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }
}
