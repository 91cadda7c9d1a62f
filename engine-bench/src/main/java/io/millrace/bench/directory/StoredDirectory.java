package io.millrace.bench.directory;

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

                    @Override
                    public List<LogDamage> orphans() {
                        return found.orphans();
                    }
                },
                progress);
        queues = found.queues();
    }

    /** The directory, without symbolic links. */
    public Path path() {
        return log.inspection().directory();
    }

    /** Whether it was not closed in order. */
    public boolean mayChange() {
        return log.mayChange();
    }

    /** Whether damage below marks can be told from what was never on the disk. */
    public boolean doMarksCount() {
        return log.doMarksCount();
    }

    /** How many sound records there are. */
    public long recordCount() {
        return segments.stream().mapToLong(StoredSegment::records).sum();
    }

    Optional<Manifest> manifest() {
        return log.inspection().manifest();
    }

    List<StoredSegment> segments() {
        return segments;
    }

    List<StoredQueue> queues() {
        return queues;
    }

    List<LogDamage> damages() {
        return log.damages();
    }

    // ---- as lines of text -----------------------------------------------------------------------------------------

    /** The manifest; nothing if it cannot be read. */
    public List<String> manifestLines() {
        return manifest().map(InspectionTables::ofManifest).orElse(List.of());
    }

    /** A table of the segments. */
    public List<String> segmentLines() {
        return InspectionTables.ofSegments(segments);
    }

    /** Every place without a record. */
    public List<String> holeLines() {
        return InspectionTables.ofHoles(segments, hole -> true);
    }

    /** Every place where something was not written as a whole, and nobody was promised that it is there. */
    public List<String> tornLines() {
        return InspectionTables.ofHoles(segments, StoredSegment.Place::isTorn);
    }

    /** Every file that the next opening removes. */
    public List<String> unlistedFiles() {
        return segments.stream()
                .filter(segment -> !segment.isListed())
                .map(StoredSegment::file)
                .toList();
    }

    /** A table of the queues. */
    public List<String> queueLines() {
        return InspectionTables.ofQueues(queues);
    }

    /** All that must not be. */
    public List<String> damageLines() {
        return damages().stream().map(damage -> "damage: " + damage).toList();
    }
}
