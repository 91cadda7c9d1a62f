package io.millrace.bench.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How often this process had to ask the system for a page that is in memory. Stateless. */
public final class PageFaults {
    private static final Path STAT = Path.of("/proc/self/stat");

    /** The tenth field of the line; the second is a name in parentheses, which may hold blanks. */
    private static final int MINOR_AFTER_NAME = 7;

    private PageFaults() {}

    /** Minor faults since the process began, of all threads; 0 where the system does not tell. */
    public static long minor() {
        try {
            String line = Files.readString(STAT);
            return Long.parseLong(line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[MINOR_AFTER_NAME]);
        } catch (IOException e) {
            return 0;
        }
    }
}
