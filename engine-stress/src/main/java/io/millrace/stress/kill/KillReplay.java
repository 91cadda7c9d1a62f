package io.millrace.stress.kill;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a history that was kept again, and says what is wrong with it. Stateless.
 *
 * <pre>
 * io.millrace.stress.kill.KillReplay FILE [MESSAGE]
 * </pre>
 *
 * <p>With a message's number it shows the lines that name it, too.
 */
public final class KillReplay {
    /** What a line begins with that says that another JVM was started. */
    static final String NEXT = "# ";

    private KillReplay() {}

    public static void main(String[] args) throws IOException {
        final Ledger ledger = new Ledger();
        final String shown = args.length > 1 ? args[1] : "nothing";
        try (BufferedReader history = Files.newBufferedReader(Path.of(args[0]))) {
            for (String line = history.readLine(); line != null; line = history.readLine()) {
                if (line.startsWith(NEXT)) {
                    ledger.ended();
                } else {
                    ledger.line(line);
                }
                if (line.contains(shown)) {
                    System.out.println(ledger.lines() + " " + line);
                }
            }
        }
        ledger.problems().forEach(System.out::println);
        System.exit(ledger.problems().isEmpty() ? 0 : 1);
    }
}
