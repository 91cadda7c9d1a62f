package io.millrace.core.directory;

import io.millrace.core.file.SegmentFile;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** The names of files in a directory; no name comes from a user. Stateless. */
public final class FileNames {
    /** The manifest. */
    public static final String MANIFEST = "manifest";

    /** What its owner has locked. */
    public static final String LOCK = "lock";

    private static final String SEGMENT_PREFIX = "segment-";
    private static final String SEGMENT_NAME = SEGMENT_PREFIX + "[0-7][0-9a-f]{7}";
    private static final Pattern SEGMENT = Pattern.compile(SEGMENT_NAME);
    private static final Pattern LEFTOVER = Pattern.compile("(" + SEGMENT_NAME + "|" + SegmentFile.OWNER_PROBE + ")"
            + Pattern.quote(SegmentFile.DRAFT_SUFFIX) + "|" + MANIFEST + Pattern.quote(SegmentFile.REPLACEMENT_SUFFIX));

    private FileNames() {}

    /** The name of a segment. */
    public static String ofSegment(int index) {
        return SEGMENT_PREFIX + HexFormat.of().toHexDigits(index);
    }

    /** Whether it is the name of a segment. */
    static boolean isSegment(String name) {
        return SEGMENT.matcher(name).matches();
    }

    /** The index in the name of a segment. */
    public static int indexOf(String name) {
        return HexFormat.fromHexDigits(name, SEGMENT_PREFIX.length(), name.length());
    }

    /** Whether an engine that ended without warning may have left it, half written, where nobody reads it. */
    static boolean isLeftover(String name) {
        return LEFTOVER.matcher(name).matches();
    }

    /** Whether an engine gives such a name. */
    static boolean isOurs(String name) {
        return name.equals(MANIFEST) || name.equals(LOCK) || isSegment(name) || isLeftover(name);
    }

    /** The indices of the segments among the names. */
    static SegmentSet segmentsIn(List<String> names) {
        SegmentSet segments = SegmentSet.EMPTY;
        for (String name : names) {
            if (isSegment(name)) {
                segments = segments.with(indexOf(name));
            }
        }
        return segments;
    }
}
