package io.millrace.stress;

import io.millrace.Engine;
import io.millrace.api.DirectoryInUseException;
import io.millrace.api.Durability;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.PeekedMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Opens a directory, sends one message more than is there, says so in a line, and waits to be killed, or for the end of its input.
 * Ends at once with {@link #IN_USE} if somebody else has the directory. Stateless.
 *
 * <pre>
 * io.millrace.stress.ProcessOneMain DIRECTORY LEVEL
 * </pre>
 */
public final class ProcessOneMain {
    /** Exit code: the directory is in use. */
    static final int IN_USE = 3;

    private static final int MOST = 10_000;

    private ProcessOneMain() {}

    public static void main(String[] args) throws IOException {
        try (Engine engine = Engine.open(Path.of(args[0]), Durability.valueOf(args[1]))) {
            final MessageQueue orders = engine.queue("orders");
            final List<String> texts =
                    orders.admin().peek(MOST).stream().map(PeekedMessage::text).toList();
            orders.send(text(texts.size()));
            System.out.println(line(ProcessHandle.current().pid(), texts));
            System.out.flush();
            while (System.in.read() >= 0) {
                // somebody has something to say, and it is not the end
            }
        } catch (DirectoryInUseException e) {
            System.out.println(e.getMessage());
            System.out.flush();
            System.exit(IN_USE);
        }
    }

    /** What is sent as message number {@code n}, from 0. */
    static String text(int n) {
        return "message " + n;
    }

    /** What is said by a process when it has opened the directory and has found messages there. */
    static String line(long pid, List<String> texts) {
        return "pid=" + pid + " found=" + texts;
    }
}
