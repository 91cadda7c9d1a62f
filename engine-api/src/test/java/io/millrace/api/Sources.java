package io.millrace.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The sources of this module, for tests that check what is written in them. */
public final class Sources {
    private static final Path MODULE = Path.of(System.getProperty("basedir", ""));
    private static final Path MAIN = MODULE.resolve("src/main/java");

    private Sources() {}

    /** A file of this module by its path from the module's directory. */
    public static Path file(String path) {
        return MODULE.resolve(path);
    }

    /** The source of a top-level class. */
    public static String of(Class<?> type) {
        return read(MAIN.resolve(type.getName().replace('.', '/') + ".java"));
    }

    /** The names of all top-level classes, package-info and module-info left out, sorted. */
    public static List<String> classNames() {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.map(file -> MAIN.relativize(file).toString())
                    .filter(name -> name.endsWith(".java") && !name.endsWith("-info.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length())
                            .replace('/', '.')
                            .replace('\\', '.'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
