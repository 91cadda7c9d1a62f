package io.millrace.bench.directory;

import io.millrace.core.directory.DirectoryInspection;
import io.millrace.core.directory.EngineDirectory;
import io.millrace.core.directory.Manifest;
import io.millrace.core.log.LogDamage;
import io.millrace.core.log.RecoveredRecord;
import io.millrace.core.log.StoredLog;
import io.millrace.core.log.StoredSegment;
import io.millrace.queue.stored.StoredQueue;
import io.millrace.queue.stored.StoredQueues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** All that can be found in the directory of an engine without changing anything. Confined to one thread. */
public final class StoredDirectory {
    private final StoredLog log;
    private final List<StoredSegment> segments = new ArrayList<>();
    private List<StoredQueue> queues = List.of();

    private StoredDirectory(StoredLog log) {
        this.log = log;
    }

    /**
     * A directory of which nothing but names and manifest were read so far.
     *
     * @throws io.millrace.api.DirectoryException if it is no directory of an engine, or is not safe to read
     */
    public static StoredDirectory at(Path path) {
        return new StoredDirectory(new StoredLog(EngineDirectory.inspect(path)));
    }

    /** Bytes of its segments. */
    public long totalBytes() {
        return log.totalBytes();
    }

    /** Reads all of it, once. */
    public void read(LongConsumer progress) {
        final long persistedMs = manifest().map(Manifest::engineTimeMs).orElse(0L);
        final StoredQueues found = new StoredQueues(Math.max(System.currentTimeMillis(), persistedMs));
        log.read(
                new StoredLog.Visitor() {
                    @Override
                    public void onRecord(RecoveredRecord record) {
                        found.onRecord(record);
                    }

                    @Override
                    public void onSegment(StoredSegment segment) {
                        segments.add(segment);
                    }
                },
                progress);
        queues = found.queues();
    }

    /** What is known of files and manifest. */
    public DirectoryInspection inspection() {
        return log.inspection();
    }

    /** The manifest, if it can be read. */
    public Optional<Manifest> manifest() {
        return inspection().manifest();
    }

    /** Whether it was not closed in order. */
    public boolean mayChange() {
        return log.mayChange();
    }

    /** Whether damage below marks can be told from what was never on the disk. */
    public boolean doMarksCount() {
        return log.doMarksCount();
    }

    /** What was found in each segment. */
    public List<StoredSegment> segments() {
        return segments;
    }

    /** The queues by number. */
    public List<StoredQueue> queues() {
        return queues;
    }

    /** All that must not be. */
    public List<LogDamage> damages() {
        return log.damages();
    }
}
