package io.millrace.core.directory;

import io.millrace.api.DirectoryException;
import io.millrace.core.file.SegmentFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is in a directory, found without changing or locking anything: an engine may be at work there meanwhile. Immutable.
 *
 * @param directory its path without symbolic links
 * @param manifest empty if it cannot be read
 * @param problem why not
 * @param segments every file with the name of a segment, whether or not the manifest lists it; to be read, not mapped
 * @param missing the lowest index that the manifest lists and that has no file, or -1
 */
public record DirectoryInspection(
        Path directory,
        Optional<Manifest> manifest,
        Optional<DirectoryException> problem,
        List<SegmentFile> segments,
        int missing) {
    /** What is there now. */
    public DirectoryInspection again() {
        return EngineDirectory.inspect(directory);
    }

    /** The lowest index, at least {@code from}, that the manifest lists and that has no file, or -1. */
    public int missingFrom(int from) {
        final SegmentSet present =
                FileNames.segmentsIn(segments.stream().map(SegmentFile::name).toList());
        return manifest.map(m -> m.segments().firstMissingIn(present, from)).orElse(-1);
    }
}
