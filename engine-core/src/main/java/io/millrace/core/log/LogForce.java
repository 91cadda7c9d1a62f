package io.millrace.core.log;

import io.millrace.core.concurrent.GroupCommit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Forces what a log has written since it was forced last: the segments that are being filled from the first record on that
 * was not committed then, and whole those in which a fate was stored. Then it states in each what is on the disk.
 *
 * <p>Segments are announced by any thread; {@link #force} is called by one thread at a time.
 */
// Invariant: a mark is stored after the force of everything before it has returned, so no page that it speaks for
// can be missing where the mark is found.
final class LogForce implements GroupCommit.Forced {
    private final ConcurrentLinkedQueue<Segment> opened = new ConcurrentLinkedQueue<>();
    private final Supplier<@Nullable Segment[]> segments;

    // Of the leader.
    private final List<Segment> filling = new ArrayList<>();

    /** @param segments those of the log, with gaps; each says itself whether it was touched */
    LogForce(Supplier<@Nullable Segment[]> segments) {
        this.segments = segments;
    }

    /** Announces a segment into which records will be claimed. */
    void opened(Segment segment) {
        opened.add(segment);
    }

    @Override
    public void force() throws IOException {
        for (Segment segment = opened.poll(); segment != null; segment = opened.poll()) {
            filling.add(segment);
        }
        forceTouched();
        for (int i = filling.size() - 1; i >= 0; i--) {
            if (isFullAfter(filling.get(i))) {
                filling.remove(i);
            }
        }
    }

    private void forceTouched() throws IOException {
        for (@Nullable Segment segment : segments.get()) {
            if (segment != null && segment.takeTouch()) {
                segment.file().force(0, segment.capacity());
            }
        }
    }

    /** Forces what is new in a segment; whether nothing more will come. */
    private boolean isFullAfter(Segment segment) throws IOException {
        final int from = segment.forcedTo;
        final int committed = segment.committedEnd(from);
        final int end = segment.claimedEnd();
        if (end > from) {
            segment.file().force(from, end - from);
        }
        if (committed > from) {
            segment.forcedTo = committed;
            SegmentLayout.mark(segment.region(), segment.salt(), committed);
        }
        if (committed < segment.capacity()) {
            return false;
        }
        if (!segment.isRetired()) {
            segment.touch(); // its last mark
        }
        return true;
    }
}
