package io.millrace.api;

import io.millrace.api.check.Arguments;
import java.nio.file.Path;

/** Paths and file names as messages show them. Stateless. */
final class Shown {
    private static final int MAX_CHARS = 500;

    private Shown() {}

    static String path(Path path) {
        return text(path.toString());
    }

    static String text(String text) {
        return Arguments.shown(text, MAX_CHARS);
    }
}
