package io.millrace.stress;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/** The JDKs on which the proofs of a whole JVM run. Stateless. */
final class Jdks {
    private static final int OLDEST = 17;

    private Jdks() {}

    /** Home directories: those that {@code MILLRACE_JDKS} lists, separated as in a class path, or else the running one and those beside it. */
    static List<Path> homes() throws IOException {
        final Set<Path> homes = new LinkedHashSet<>();
        final String listed = System.getenv("MILLRACE_JDKS");
        if (listed != null && !listed.isBlank()) {
            for (String home : listed.trim().split(File.pathSeparator, -1)) {
                homes.add(Path.of(home).toRealPath());
            }
        } else {
            final Path own = Path.of(System.getProperty("java.home")).toRealPath();
            homes.add(own);
            final Path parent = own.getParent();
            if (parent != null) {
                try (Stream<Path> siblings = Files.list(parent)) {
                    for (Path sibling : siblings.sorted().toList()) {
                        if (feature(sibling) >= OLDEST) {
                            homes.add(sibling.toRealPath());
                        }
                    }
                }
            }
        }
        return new ArrayList<>(homes);
    }

    /** Feature version of a JDK, or 0 if there is none in that directory. */
    static int feature(Path home) throws IOException {
        final Path release = home.resolve("release");
        if (!Files.isRegularFile(release) || !Files.isExecutable(home.resolve("bin/java"))) {
            return 0;
        }
        final Properties properties = new Properties();
        try (var in = Files.newInputStream(release)) {
            properties.load(in);
        }
        final String version = properties.getProperty("JAVA_VERSION", "\"0\"").replace("\"", "");
        return Runtime.Version.parse(version).feature();
    }
}
