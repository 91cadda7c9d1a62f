package io.millrace.stress.kill;

import io.millrace.api.Durability;
import java.nio.file.Path;

/**
 * The JVM that is killed: works on a directory and says what it does. Stateless.
 *
 * <pre>
 * io.millrace.stress.kill.KillMain DIRECTORY LEVEL RUN SEED work|drain|still
 * </pre>
 *
 * <p>{@code work} goes on until somebody ends it, closing and opening the engine now and then. {@code drain} receives
 * everything and ends. {@code still} works in one engine, with pauses in which everything is looked at, and ends.
 */
public final class KillMain {
    private static final int FAILED = 1;

    private KillMain() {}

    public static void main(String[] args) {
        final Diary diary = new Diary();
        try {
            final Shift shift = new Shift(
                    diary,
                    Path.of(args[0]),
                    Durability.valueOf(args[1]),
                    Integer.parseInt(args[2]),
                    Long.parseLong(args[3]));
            switch (args[4]) {
                case "work" -> shift.work();
                case "drain" -> shift.drain();
                case "still" -> shift.still();
                default -> throw new IllegalArgumentException("unknown mode: " + args[4]);
            }
        } catch (Throwable e) { // whoever listens must hear of it, whatever it is
            diary.failed("main", e);
            System.exit(FAILED);
        }
        System.exit(0);
    }
}
