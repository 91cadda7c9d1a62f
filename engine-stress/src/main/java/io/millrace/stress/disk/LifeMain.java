package io.millrace.stress.disk;

import io.millrace.api.Durability;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A process that lives on a small disk, and says how often what happened. Stateless.
 *
 * <pre>
 * io.millrace.stress.disk.LifeMain DISK LEVEL RUN SEED BOOKS close|halt
 * </pre>
 *
 * <p>At the end it closes its engine, or ends as if it had been killed.
 */
public final class LifeMain {
    private static final int FAILED = 1;

    private LifeMain() {}

    public static void main(String[] args) throws IOException {
        final Path file = Path.of(args[4]);
        final Books books = Books.load(file);
        final Figures figures = new Figures();
        try {
            final Life life = new Life(
                    Path.of(args[0]),
                    Durability.valueOf(args[1]),
                    Integer.parseInt(args[2]),
                    Long.parseLong(args[3]),
                    books,
                    figures);
            life.live();
            if (args[5].equals("close")) {
                life.close();
            }
        } catch (Throwable e) { // whatever it is, it is the answer
            e.printStackTrace(System.out);
            System.out.flush();
            Runtime.getRuntime().halt(FAILED);
        }
        books.save(file);
        System.out.println(figures.toLine());
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
