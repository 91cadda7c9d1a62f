package io.millrace.bench.child;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with the class path of this one. Used by one thread; closing ends it.
 *
 * <p>What it prints to its standard output are its answers; its standard error is that of this process.
 */
public final class ChildJvm implements AutoCloseable {
    private static final long LONGEST_END_S = 10;

    private final String name;
    private final Process process;
    private final BufferedWriter toChild;
    private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();

    private ChildJvm(String name, Process process) {
        this.name = name;
        this.process = process;
        this.toChild = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts a JVM of the same kind as this one.
     *
     * @param name what messages call it
     * @param options of the JVM
     * @param main whose {@code main} method runs
     * @param arguments for it
     * @throws UncheckedIOException if the process cannot be started
     */
    public static ChildJvm start(String name, List<String> options, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        try {
            ChildJvm child = new ChildJvm(
                    name,
                    new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
            Thread reader = new Thread(child::read, "bench-child-" + name);
            reader.setDaemon(true);
            reader.start();
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException("a JVM cannot be started: name=" + name + " options=" + options, e);
        }
    }

    private void read() {
        try (BufferedReader fromChild = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = fromChild.readLine(); line != null; line = fromChild.readLine()) {
                answers.add(Optional.of(line));
            }
        } catch (IOException e) {
            // the process has ended, or this end was closed: either way there is nothing more to read
        }
        answers.add(Optional.empty());
    }

    /**
     * Sends a line.
     *
     * @throws IllegalStateException if the JVM has ended, naming what it said last
     */
    public void tell(String line) throws InterruptedException {
        try {
            toChild.write(line);
            toChild.newLine();
            toChild.flush();
        } catch (IOException e) {
            throw new IllegalStateException(hear(), e); // hear() throws and says why it ended, as a rule
        }
    }

    /**
     * The next line that it prints; waits for it.
     *
     * @throws IllegalStateException if the JVM says that it failed, or ends without a word
     */
    public String hear() throws InterruptedException {
        Optional<String> answer = answers.take();
        if (answer.isEmpty()) {
            answers.add(answer);
            throw new IllegalStateException("the JVM of " + name + " ended: exitCode=" + process.waitFor());
        }
        String line = answer.get();
        if (line.startsWith(ChildMain.FAILED)) {
            throw new IllegalStateException(
                    "the JVM of " + name + " failed: " + line.substring(ChildMain.FAILED.length()));
        }
        return line;
    }

    /** Sends a line; false if the JVM has ended. */
    public boolean tryTell(String line) {
        try {
            toChild.write(line);
            toChild.newLine();
            toChild.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The next line that it prints, whatever it says; waits for it. Empty if it has ended. */
    public Optional<String> next() throws InterruptedException {
        Optional<String> answer = answers.take();
        if (answer.isEmpty()) {
            answers.add(answer);
        }
        return answer;
    }

    /** Ends the process as SIGKILL does: at once, wherever it is. What it has printed can still be heard. May be called by any
     * thread. */
    public void kill() {
        process.toHandle().destroyForcibly(); // the process itself would close the pipe as well
    }

    /** Waits until the process has ended; its exit code. */
    public int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    /** Ends the process if it has not ended. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LONGEST_END_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
