package io.millrace.bench.run;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** Counts garbage collections of this JVM. Stateless. */
final class GarbageCollections {
    private GarbageCollections() {}

    /** Collections since the JVM was started, of all collectors together. */
    static long count() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .filter(count -> count > 0)
                .sum();
    }
}
