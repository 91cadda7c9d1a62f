package io.millrace.stress.kill;

import io.millrace.api.EngineClock;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this JVM tells whoever will kill it: lines to the standard output, each call one write of the system, so that what
 * was said has been said when the call returns. Thread-safe; the order of lines is the order of calls.
 */
final class Diary {
    private static final int FRAMES = 12;

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private final EngineClock clock = EngineClock.system();

    long nowMs() {
        return clock.wallMs();
    }

    /** Writes lines that belong together, each with who says it and when. */
    void say(String who, String... lines) {
        final StringBuilder text = new StringBuilder();
        synchronized (this) {
            final long nowMs = nowMs();
            for (String line : lines) {
                text.append(who)
                        .append(' ')
                        .append(nowMs)
                        .append(' ')
                        .append(line)
                        .append('\n');
            }
            try {
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e); // nobody listens any more
            }
        }
    }

    /** Something was thrown that nobody expects. */
    void failed(String who, Throwable thrown) {
        say(who, "failed " + String.valueOf(thrown).replace('\n', ' ') + " at " + where(thrown));
    }

    private static String where(Throwable thrown) {
        final List<String> frames = Stream.of(thrown.getStackTrace())
                .limit(FRAMES)
                .map(StackTraceElement::toString)
                .toList();
        return String.join(" < ", frames);
    }
}
