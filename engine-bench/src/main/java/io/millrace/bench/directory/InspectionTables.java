package io.millrace.bench.directory;

import io.millrace.api.queue.QueueConfig;
import io.millrace.bench.report.Figures;
import io.millrace.bench.report.TextTable;
import io.millrace.core.directory.Manifest;
import io.millrace.core.log.StoredSegment;
import io.millrace.queue.state.QueueState;
import io.millrace.queue.stored.StoredQueue;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** What is in a directory, as tables in plain text. Stateless. */
final class InspectionTables {
    private InspectionTables() {}

    /** The manifest, its secret left out. */
    static List<String> ofManifest(Manifest manifest) {
        return TextTable.ofPairs()
                .row("format", Manifest.FORMAT + "/" + Manifest.BUILD)
                .row("directory id", HexFormat.of().toHexDigits(manifest.directoryId()))
                .row("incarnation", manifest.incarnation())
                .row("durability", name(manifest.durability()))
                .row("boot", manifest.boot())
                .row("closed in order", manifest.clean() ? "yes" : "no")
                .row("engine time ms", Long.toString(manifest.engineTimeMs()))
                .row("queue numbers below", manifest.queueNumberCeiling())
                .row("segments", manifest.segments().toString())
                .lines();
    }

    /** A row for each segment. */
    static List<String> ofSegments(List<StoredSegment> segments) {
        final TextTable table = TextTable.withHeader(
                "segment", "state", "generation", "bytes", "mark", "records", "holes", "torn", "live", "dead");
        for (StoredSegment segment : segments) {
            table.row(
                    segment.file() + (segment.isListed() ? "" : " (not listed)"),
                    name(segment.state()),
                    generation(segment.generation()),
                    Figures.count(segment.length()),
                    Figures.count(segment.marked()),
                    Figures.count(segment.records()),
                    Figures.count(segment.holes().size()),
                    Figures.count(segment.tornRecords()),
                    Figures.count(segment.liveBytes()),
                    Figures.count(segment.deadBytes()));
        }
        return table.lines();
    }

    private static String generation(long generation) {
        return (generation >>> Integer.SIZE) + "." + (generation & 0xFFFF_FFFFL);
    }

    /** A line for each place without a record that is wanted. */
    static List<String> ofHoles(List<StoredSegment> segments, Predicate<StoredSegment.Place> wanted) {
        final List<String> lines = new ArrayList<>();
        for (StoredSegment segment : segments) {
            segment.holes().stream()
                    .filter(wanted)
                    .forEach(hole -> lines.add(
                            kind(hole) + ": file=" + segment.file() + " from=" + hole.from() + " to=" + hole.to()));
        }
        return lines;
    }

    static String kind(StoredSegment.Place hole) {
        if (hole.isDamaged()) {
            return "damaged";
        }
        return hole.isTorn() ? "torn" : "free";
    }

    /** A row for each queue that an engine would find, and then for what belongs to none. */
    static List<String> ofQueues(List<StoredQueue> queues) {
        final TextTable table = TextTable.withHeader(
                "queue", "number", "visible", "delayed", "in flight", "live bytes", "sequences", "ceiling", "config");
        for (StoredQueue queue : queues) {
            if (queue.isThere() || queue.messages().total() > 0) {
                table.row(
                        queue.isThere() ? queue.state().orElseThrow().name() : "(of no queue)",
                        Long.toString(queue.number()),
                        Figures.count(queue.messages().visible()),
                        Figures.count(queue.messages().delayed()),
                        Figures.count(queue.messages().inFlight()),
                        Figures.count(queue.liveBytes()),
                        queue.lastSequence() < 0 ? "none" : queue.firstSequence() + "-" + queue.lastSequence(),
                        queue.state()
                                .map(state -> Long.toString(state.ceiling()))
                                .orElse("unknown"),
                        queue.state().map(InspectionTables::brief).orElse("unknown"));
            }
        }
        return table.lines();
    }

    /** What differs from the configuration of a queue for which nothing was chosen. */
    static String brief(QueueState state) {
        final QueueConfig config = state.config();
        final QueueConfig usual = QueueConfig.defaults();
        final List<String> parts = new ArrayList<>();
        add(parts, "visibilityTimeout", config.visibilityTimeout(), usual.visibilityTimeout());
        add(parts, "visibilityCap", config.visibilityCap(), usual.visibilityCap());
        add(parts, "delay", config.delay(), usual.delay());
        add(parts, "retention", config.retention(), usual.retention());
        add(parts, "receiveWait", config.receiveWait(), usual.receiveWait());
        add(parts, "maxMessageBytes", config.maxMessageBytes(), usual.maxMessageBytes());
        add(parts, "maxBacklog", config.maxBacklog(), usual.maxBacklog());
        add(parts, "maxInFlight", config.maxInFlight(), usual.maxInFlight());
        add(parts, "sendTimeout", config.sendTimeout(), usual.sendTimeout());
        config.redrive()
                .ifPresent(redrive ->
                        parts.add("deadLetterQueue=" + redrive.deadLetterQueue() + "/" + redrive.maxReceives()));
        if (!config.redriveAllow().equals(usual.redriveAllow())) {
            parts.add("redriveAllow=" + config.redriveAllow().sources());
        }
        add(parts, "ackDurability", config.ackDurability(), usual.ackDurability());
        if (!state.tags().isEmpty()) {
            parts.add("tags=" + state.tags().size());
        }
        return parts.isEmpty() ? "defaults" : String.join(" ", parts);
    }

    private static void add(List<String> parts, String name, Object value, Object usual) {
        if (!value.equals(usual)) {
            parts.add(name + "=" + value);
        }
    }

    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
