package io.millrace.core.directory;

import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.core.file.FileHook;
import io.millrace.core.file.SegmentFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Another process that has a directory open, with a segment in it, until it is killed. */
public final class DirectoryHolder implements AutoCloseable {
    private final Process process;

    private DirectoryHolder(Process process) {
        this.process = process;
    }

    public static void main(String[] args) throws IOException {
        EngineDirectory directory = EngineDirectory.open(
                Path.of(args[0]), Durability.PROCESS_CRASH, EngineConfig.defaults(), FileHook.NONE);
        int index = directory.takeIndex();
        SegmentFile segment = directory.prepareSegment(index, 4096, new byte[8]);
        directory.addSegment(index);
        System.out.println("open " + directory.nextQueueNumber() + " " + segment.name());
        System.out.flush();
        int ignored = System.in.read();
    }

    /** Starts one, through a shell that first does {@code setup}; returns when it has the directory open. */
    static DirectoryHolder start(Path directory, String setup) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        "-c",
                        setup + "; exec \"$0\" -cp \"$1\" \"$2\" \"$3\"",
                        java,
                        System.getProperty("java.class.path"),
                        DirectoryHolder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        DirectoryHolder holder = new DirectoryHolder(builder.start());
        String answer = line(holder.process.getInputStream());
        if (!answer.startsWith("open ")) {
            holder.close();
            throw new AssertionError("the other process could not open the directory: " + answer);
        }
        return holder;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    long pid() {
        return process.pid();
    }

    /** Kills it, as SIGKILL does, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
