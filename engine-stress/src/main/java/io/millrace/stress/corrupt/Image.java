package io.millrace.stress.corrupt;

import io.millrace.core.log.SegmentMap;
import io.millrace.stress.Sent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a directory at one instant, and what they must give. Immutable.
 *
 * @param name what it is called
 * @param files content by name
 * @param segments what lies in the segments, by name
 * @param messages all that were ever sent, by number
 * @param age how long after the clock's start it was taken
 */
record Image(
        String name,
        Map<String, byte[]> files,
        Map<String, SegmentMap> segments,
        Map<Integer, Story.Message> messages,
        Duration age) {
    static final String MANIFEST = "manifest";
    static final String LOCK = "lock";

    private static final String SEGMENT_PREFIX = "segment-";

    static Image of(String name, Map<String, byte[]> files, Map<Integer, Story.Message> messages, Duration age) {
        final Map<String, SegmentMap> segments = new TreeMap<>();
        files.forEach((file, content) -> {
            if (isSegment(file)) {
                segments.put(file, SegmentMap.of(content));
            }
        });
        final Map<Integer, Story.Message> copies = new HashMap<>();
        messages.forEach((number, message) -> copies.put(number, message.copy()));
        return new Image(name, files, segments, copies, age);
    }

    byte[] file(String file) {
        return Objects.requireNonNull(files.get(file), file);
    }

    SegmentMap segment(String file) {
        return Objects.requireNonNull(segments.get(file), file);
    }

    static boolean isSegment(String file) {
        return file.startsWith(SEGMENT_PREFIX);
    }

    Story.Message message(int number) {
        return Objects.requireNonNull(messages.get(number));
    }

    /** Names of the segments that hold records. */
    List<String> segmentsInUse() {
        return segments.keySet().stream()
                .filter(file -> segment(file).isInUse())
                .toList();
    }

    /** The records of messages, by number, which a range of a file has a byte of. */
    Stream<SegmentMap.Entry> touched(Touch touch) {
        final @Nullable SegmentMap map = segments.get(touch.file());
        if (map == null || !map.isInUse()) {
            return Stream.empty();
        }
        final boolean all = touch.from() < SegmentMap.HEADER;
        return map.entries().stream().filter(e -> all || e.overlaps(touch.from(), touch.to()));
    }

    /** The number of the message that a record holds. */
    static OptionalInt numberOf(SegmentMap.Entry entry) {
        return entry.isMessage() ? Sent.numberOf(entry.payload()) : OptionalInt.empty();
    }

    /** Messages that must be there. */
    Set<Integer> living() {
        return messages.values().stream()
                .filter(Story.Message::isAlive)
                .map(Story.Message::number)
                .collect(Collectors.toSet());
    }
}
