package io.millrace.core.log;

import io.millrace.core.memory.Region;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One buffer per segment, made when the segment is first lent and used again after that, so that lending allocates nothing.
 * Confined to one thread.
 *
 * <p>A view shows one message at a time: its limit ends with the message, and is 0 when nothing is lent, so that a late
 * access throws.
 */
public final class SegmentViews {
    private final RecordLog log;
    private final boolean readOnly;
    private @Nullable Region[] regions = new Region[1];
    private @Nullable ByteBuffer[] views = new ByteBuffer[1];

    public SegmentViews(RecordLog log, boolean readOnly) {
        this.log = log;
        this.readOnly = readOnly;
    }

    /** The view of the segment of a living record; called while the record cannot go. */
    public ByteBuffer of(long position) {
        int segment = RecordLog.segmentOf(position);
        Region region = log.region(position);
        if (segment >= views.length) {
            int length = Integer.highestOneBit(segment) * 2;
            regions = Arrays.copyOf(regions, length);
            views = Arrays.copyOf(views, length);
        }
        ByteBuffer view = views[segment];
        if (view == null || regions[segment] != region) {
            view = readOnly ? region.newReadOnlyView() : region.newView();
            view.limit(0);
            regions[segment] = region;
            views[segment] = view;
        }
        return view;
    }
}
