package io.millrace.core.log;

import io.millrace.core.directory.DirectoryInspection;
import io.millrace.core.directory.EngineDirectory;
import io.millrace.core.directory.FileNames;
import io.millrace.core.directory.Manifest;
import io.millrace.core.file.SegmentFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The log in a directory as it can be read from outside: segment by segment, without mapping, locking or changing anything,
 * and going on where something is damaged. Confined to one thread.
 *
 * <p>An engine may be at work there meanwhile. What is read is then a snapshot: each segment is one by itself, and damage is
 * believed only if it is found twice.
 */
public final class StoredLog {
    /** Looks at what is found; called on the reading thread. */
    public interface Visitor {
        /**
         * A sound record that is not padding, valid during the call.
         *
         * @throws IllegalArgumentException if its content says nothing, which is damage
         */
        void onRecord(RecoveredRecord record);

        /** The end of a segment, all of whose records were shown. */
        default void onSegment(StoredSegment segment) {}

        /** Records that nobody can have written without others that are not there; asked when all were shown. */
        default List<LogDamage> orphans() {
            return List.of();
        }
    }

    /** How often a segment is read again that seems damaged while an engine may be writing. */
    private static final int MOST_READS = 5;

    private static final int MOST_MISSING = 1_000;

    private final DirectoryInspection inspection;
    private final boolean mayChange;
    private final boolean marksCount;
    private final long directoryId;
    private final long newestIncarnation;
    private final List<LogDamage> damages = new ArrayList<>();

    /** Files whose records were not shown, or count for nothing. */
    private final Set<String> leftOut = new HashSet<>();

    private long newestMs;

    /** A log of whose directory nothing but the manifest and the names were read so far. */
    public StoredLog(DirectoryInspection found) {
        inspection = settled(found);
        final Optional<Manifest> manifest = inspection.manifest();
        mayChange = manifest.map(m -> !m.clean()).orElse(true);
        marksCount = manifest.map(EngineDirectory::doMarksCount).orElse(true);
        directoryId = manifest.map(Manifest::directoryId).orElseGet(this::mostCommonId);
        newestIncarnation = manifest.map(Manifest::incarnation).orElse(Integer.MAX_VALUE);
    }

    /** An engine that is at work may add and remove segments between two looks at names and manifest. */
    private static DirectoryInspection settled(DirectoryInspection found) {
        DirectoryInspection inspection = found;
        for (int i = 1; i < MOST_READS && inspection.missing() >= 0 && isOpen(inspection); i++) {
            inspection = inspection.again();
        }
        return inspection;
    }

    private static boolean isOpen(DirectoryInspection inspection) {
        return inspection.manifest().filter(manifest -> !manifest.clean()).isPresent();
    }

    /** What the segments say whose directory nobody knows. */
    private long mostCommonId() {
        final Map<Long, Integer> counts = new HashMap<>();
        for (SegmentFile file : inspection.segments()) {
            final SegmentImage header = SegmentImage.header(file);
            if (header != null && header.damage() == null && !header.isEmpty()) {
                counts.merge(header.directoryId(), 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(0L);
    }

    /** What is known of the directory. */
    public DirectoryInspection inspection() {
        return inspection;
    }

    /** Id of the directory: of its manifest, or what most segments say if that cannot be read. */
    public long directoryId() {
        return directoryId;
    }

    /** Whether it was not closed in order: an engine may be at work there now, or one ended without warning. */
    public boolean mayChange() {
        return mayChange;
    }

    /** Whether damage below a mark can be told from what was never forced before the machine went down. */
    public boolean doMarksCount() {
        return marksCount;
    }

    /** Latest engine time that a record told, or 0. */
    public long newestMs() {
        return newestMs;
    }

    /** All that must not be, as far as it was found so far. */
    public List<LogDamage> damages() {
        return damages;
    }

    /** Bytes of all segments. */
    public long totalBytes() {
        return inspection.segments().stream().mapToLong(SegmentFile::length).sum();
    }

    /** Incarnation of the engine that wrote last, as far as manifest and segments tell. */
    long incarnation() {
        return inspection.manifest().isPresent() ? newestIncarnation : newestSegment();
    }

    private long newestSegment() {
        return inspection.segments().stream()
                .map(SegmentImage::header)
                .filter(header -> header != null && header.damage() == null && header.belongsTo(directoryId))
                .mapToLong(header -> SegmentHeader.incarnation(header.region()))
                .max()
                .orElse(0);
    }

    // ---- the walk -------------------------------------------------------------------------------------------------

    /**
     * Shows every segment, in order of index, and says in {@link #damages} what is wrong. Called once.
     *
     * @param progress is told how many bytes were read, segment by segment
     */
    public void read(Visitor visitor, LongConsumer progress) {
        inspection.problem().ifPresent(problem -> damages.add(LogDamage.ofManifest(problem)));
        for (SegmentFile file : inspection.segments()) {
            read(file, visitor);
            progress.accept(file.length());
        }
        inspection.manifest().ifPresent(this::findMissing);
        if (inspection.manifest().map(EngineDirectory::isComplete).orElse(true)) {
            damages.addAll(visitor.orphans());
        }
    }

    /** Takes a segment whose records are of this directory. */
    @FunctionalInterface
    interface ImageVisitor {
        void onImage(SegmentImage image) throws IOException;
    }

    /** Shows the segments that hold anything, after {@link #read}: those that count, and those in which records live. */
    void forEachImage(ImageVisitor visitor, LongConsumer progress) throws IOException {
        for (SegmentFile file : inspection.segments()) {
            if (!leftOut.contains(file.name())) {
                final SegmentImage image = SegmentImage.read(file, FileNames.indexOf(file.name()));
                if (image.belongsTo(directoryId)) {
                    visitor.onImage(image);
                }
            }
            progress.accept(file.length());
        }
    }

    private void findMissing(Manifest manifest) {
        int missing = inspection.missingFrom(0);
        for (int i = 0; i < MOST_MISSING && missing >= 0; i++) {
            damages.add(new LogDamage(FileNames.ofSegment(missing), 0, 0, "the file is missing"));
            missing = inspection.missingFrom(missing + 1);
        }
        if (missing >= 0) {
            damages.add(new LogDamage(
                    FileNames.ofSegment(missing),
                    0,
                    0,
                    "more files are missing: listed=" + manifest.segments().count()));
        }
    }

    private void read(SegmentFile file, Visitor visitor) {
        final int index = FileNames.indexOf(file.name());
        final boolean listed = inspection
                .manifest()
                .map(manifest -> manifest.segments().contains(index))
                .orElse(true);
        try {
            show(settled(file, index), listed, visitor);
        } catch (IOException e) {
            leftOut.add(file.name());
            if (listed && isStillListed(index)) {
                damages.add(new LogDamage(file.name(), 0, file.length(), "the file cannot be read: " + e));
                visitor.onSegment(StoredSegment.unreadable(file, index, listed));
            }
        }
    }

    private boolean isStillListed(int index) {
        return !mayChange || isListedByNow(index);
    }

    /** Whether an engine that is at work has the manifest list a segment that it did not list before, or still does. */
    private boolean isListedByNow(int index) {
        return mayChange
                && inspection
                        .again()
                        .manifest()
                        .map(manifest -> manifest.segments().contains(index))
                        .orElse(true);
    }

    /** The segment as it was read; a second time if it seems damaged and may have changed meanwhile. */
    private SegmentImage settled(SegmentFile file, int index) throws IOException {
        SegmentImage image = SegmentImage.read(file, index);
        if (!mayChange) {
            return image;
        }
        List<LogDamage> before = damagesOf(image);
        for (int i = 1; i < MOST_READS && !before.isEmpty(); i++) {
            final SegmentImage again = SegmentImage.read(file, index);
            final List<LogDamage> now = damagesOf(again);
            image = again;
            if (now.equals(before)) {
                break;
            }
            before = now;
        }
        return image;
    }

    private List<LogDamage> damagesOf(SegmentImage image) {
        final List<LogDamage> found = new ArrayList<>();
        walk(image, true, found, record -> {});
        return found;
    }

    private void show(SegmentImage image, boolean listed, Visitor visitor) {
        final StoredSegment segment = walk(image, listed, damages, record -> {
            if (record.isMessage()) {
                newestMs = Math.max(newestMs, record.enqueuedMs());
            }
            visitor.onRecord(record);
        });
        if (!listed && segment.liveRecords() == 0) {
            leftOut.add(segment.file());
        }
        visitor.onSegment(segment);
    }

    private StoredSegment walk(SegmentImage image, boolean listed, List<LogDamage> found, Visitor visitor) {
        final StoredSegment segment = new StoredSegment(image, listed, directoryId);
        final boolean isRight = listed ? isRight(image, found) : isOld(image, found);
        if (image.belongsTo(directoryId)) {
            image.read(marksCount && isRight, new SegmentReader.Visitor() {
                @Override
                public void onPadding(int offset, int alignedLength) {
                    segment.addPadding(alignedLength);
                }

                @Override
                public void onRecord(RecoveredRecord record, int alignedLength) {
                    visitor.onRecord(record);
                    segment.addRecord(record, alignedLength);
                }

                @Override
                public void onHole(int from, int to, SegmentReader.Hole hole) {
                    segment.addHole(from, to, hole);
                }

                @Override
                public void onDamage(int from, int to, String what) {
                    found.add(new LogDamage(image.name(), from, to, what));
                }
            });
        }
        if (!listed && isRight && marksCount && segment.liveRecords() > 0 && !isListedByNow(image.index())) {
            found.add(new LogDamage(
                    image.name(), 0, image.fileLength(), "the manifest does not list it, and it holds living records"));
        }
        return segment;
    }

    /** Whether nothing is wrong with a segment as a whole. */
    private boolean isRight(SegmentImage image, List<LogDamage> found) {
        final boolean isBlank = !marksCount && SegmentHeader.isBlank(image.region());
        final @Nullable String problem = isBlank ? null : image.problem(directoryId, newestIncarnation);
        if (problem != null) {
            found.add(new LogDamage(image.name(), 0, SegmentLayout.SIZE, problem));
        }
        final @Nullable String wrongLength = image.wrongLength();
        if (wrongLength != null) {
            found.add(new LogDamage(image.name(), image.fileLength(), image.fileLength(), wrongLength));
        }
        return problem == null && wrongLength == null;
    }

    /** Whether a segment that the manifest does not list is none of those that were used after it was written. */
    private boolean isOld(SegmentImage image, List<LogDamage> found) {
        final boolean isNewer = image.damage() == null
                && image.belongsTo(directoryId)
                && SegmentHeader.incarnation(image.region()) > newestIncarnation;
        if (isNewer) {
            found.add(new LogDamage(image.name(), 0, SegmentLayout.SIZE, "the segment is newer than the manifest"));
        }
        return !isNewer;
    }
}
