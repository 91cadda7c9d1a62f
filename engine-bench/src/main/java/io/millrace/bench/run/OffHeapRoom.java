package io.millrace.bench.run;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.millrace.api.EngineConfig;
import java.lang.management.ManagementFactory;

/** How much memory an engine may take for a load. Stateless. */
public final class OffHeapRoom {
    /** Slot, log record header, and what a segment loses at its end; generously. */
    private static final long OVERHEAD_BYTES = 192;

    /** For the segments and blocks that are there whatever the load. */
    private static final long FIXED_BYTES = 64L << 20;

    /** The JVM has other uses for direct memory. */
    private static final double USABLE_SHARE = 0.95;

    private OffHeapRoom() {}

    /** The configuration of an engine that holds backlog and window of a load. */
    static EngineConfig configFor(QueueLoad load, Persistence persistence) {
        EngineConfig defaults = EngineConfig.defaults();
        return defaults.withOffHeapLimit(Math.max(defaults.offHeapLimit(), neededBytes(load, persistence)));
    }

    /**
     * Refuses a load that does not fit into the direct memory of this JVM.
     *
     * @throws IllegalArgumentException naming both numbers of bytes
     */
    static void check(QueueLoad load, Persistence persistence) {
        long needed = neededBytes(load, persistence);
        long usable = (long) (maxDirectBytes() * USABLE_SHARE);
        if (needed > usable) {
            throw new IllegalArgumentException("backlog and window do not fit into direct memory: backlog="
                    + load.backlog() + " window=" + load.window() + " neededBytes=" + needed + " usableBytes=" + usable
                    + "; set MILLRACE_JAVA_OPTS=-XX:MaxDirectMemorySize=...");
        }
    }

    /** Off-heap bytes that backlog and window of a load take, generously; on disk, the payload is not among them. */
    public static long neededBytes(QueueLoad load, Persistence persistence) {
        double messages = (double) load.backlog() + load.window();
        int payload = persistence.isOnDisk() ? 0 : load.payloadBytes();
        return (long) (messages * (payload + OVERHEAD_BYTES)) + FIXED_BYTES;
    }

    /** The option of the JVM; 0 stands for the largest heap. */
    private static long maxDirectBytes() {
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long option = Long.parseLong(hotSpot.getVMOption("MaxDirectMemorySize").getValue());
        return option > 0 ? option : Runtime.getRuntime().maxMemory();
    }
}
