package io.millrace.core.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Another process that tries to lock a file: says {@code held} or {@code taken}, and waits to be ended if it holds it. */
public final class LockProbe {
    private LockProbe() {}

    public static void main(String[] args) throws IOException {
        SegmentFile.Lock lock = SegmentFile.lock(Path.of(args[0]), args[1], FileHook.NONE);
        System.out.println(lock.isHeld() ? "held" : "taken");
        System.out.flush();
        if (lock.isHeld()) {
            int ignored = System.in.read();
        }
        lock.close();
    }

    /** What a process of its own says about the lock of a file. */
    static String askAnotherProcess(Path directory, String name) throws IOException, InterruptedException {
        Process process = start(directory, name);
        try {
            return answerOf(process);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    static Process start(Path directory, String name) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockProbe.class.getName(),
                        directory.toString(),
                        name))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static String answerOf(Process process) throws IOException {
        InputStream out = process.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int c = out.read(); c >= 0 && c != '\n'; c = out.read()) {
            line.append((char) c);
        }
        return line.toString();
    }
}
