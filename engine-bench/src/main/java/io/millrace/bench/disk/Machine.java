package io.millrace.bench.disk;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What figures depend on besides the code. Stateless. */
public final class Machine {
    private static final Path CPUS = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";
    private static final long MIB = 1 << 20;

    private Machine() {}

    /** Bytes of memory that the machine, or the container, has. */
    public static long memoryBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /**
     * Names and values, for people.
     *
     * @param data a directory on the disk that was used
     */
    public static Map<String, String> description(Path data) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("measured", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
        all.put("processor", processor());
        all.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        all.put("memory", memoryBytes() / MIB + " MiB");
        all.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        all.put("file system", fileSystem(data));
        all.put("JDK", System.getProperty("java.vm.vendor") + " " + Runtime.version());
        return all;
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(CPUS)) {
            return lines.filter(line -> line.startsWith(MODEL))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String fileSystem(Path data) {
        try {
            return Files.getFileStore(data).type();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
