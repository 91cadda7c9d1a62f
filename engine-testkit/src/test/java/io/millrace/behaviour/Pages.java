package io.millrace.behaviour;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pages whose tables tests read. Read once, and before a leak check looks: the JVM's first file leaves a socket open. */
final class Pages {
    static final String GUARANTEES = read("docs/GUARANTEES.md");

    private Pages() {}

    private static String read(String page) {
        try {
            return Files.readString(Path.of("..").resolve(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
