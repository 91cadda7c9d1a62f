package io.millrace.bench.directory;

import io.millrace.core.directory.EngineDirectory;
import io.millrace.core.directory.NewDirectory;
import io.millrace.core.log.LogDamage;
import io.millrace.queue.stored.Salvage;
import io.millrace.queue.stored.StoredQueue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Copies what is sound out of a damaged directory, which no engine can open meanwhile. Confined to one thread. */
public final class Salvaging implements AutoCloseable {
    private final Salvage salvage;

    private Salvaging(Salvage salvage) {
        this.salvage = salvage;
    }

    /**
     * Takes hold of the damaged directory.
     *
     * @throws io.millrace.api.DirectoryException if it is no directory of an engine, or is open in one
     */
    public static Salvaging of(Path path) {
        return new Salvaging(Salvage.of(EngineDirectory.inspect(path), System.currentTimeMillis()));
    }

    /** Whether engines are kept out; not if there is no lock file that may be opened. */
    public boolean isLocked() {
        return salvage.isLocked();
    }

    /** Bytes that will be gone through. */
    public long totalBytes() {
        return Salvage.PASSES * salvage.totalBytes();
    }

    /**
     * Makes the copy, once.
     *
     * @return what was damaged, what was left behind or made up, and what the copy holds, as lines of text
     * @throws io.millrace.api.EngineException if it cannot be made
     */
    public List<String> run(Path target, LongConsumer progress) {
        Salvage.Report report = salvage.run(() -> NewDirectory.at(target), progress);
        List<String> lines = new ArrayList<>();
        for (LogDamage damage : report.damages()) {
            lines.add("damage: " + damage);
        }
        report.remarks().forEach(remark -> lines.add("note: " + remark));
        lines.addAll(InspectionTables.ofQueues(report.queues()));
        long messages = report.queues().stream()
                .map(StoredQueue::messages)
                .mapToLong(StoredQueue.Messages::total)
                .sum();
        lines.add("salvage: target=" + target + " queues=" + report.queues().size() + " messages=" + messages
                + " damages=" + report.damages().size());
        return lines;
    }

    @Override
    public void close() {
        salvage.close();
    }
}
