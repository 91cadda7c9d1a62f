package io.millrace.bench.cli;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What the machine, or the container, has. Stateless. */
final class MachineMemory {
    private MachineMemory() {}

    /** Bytes of memory in all. */
    static long bytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
