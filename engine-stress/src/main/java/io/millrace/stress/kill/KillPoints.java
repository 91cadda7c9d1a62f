package io.millrace.stress.kill;

import io.millrace.stress.mutants.Mutant.Edit;
import io.millrace.stress.mutants.Workshop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The named places at which an engine is killed. Production code knows nothing of them: they are written into a copy. */
public final class KillPoints {
    /**
     * One place. Immutable.
     *
     * @param name what it is called; several places may have one name
     * @param source the production file, from the project's directory
     * @param text what stands there, exactly once
     * @param isAfter whether the place is behind that text, or before it
     * @param often how often it is reached in about a second, roughly
     */
    public record Point(String name, String source, String text, boolean isAfter, int often) {
        Edit edit() {
            final String call = " " + KillPoint.class.getName() + ".reached(\"" + name + "\"); ";
            return new Edit(text, isAfter ? text + call : call + text);
        }
    }

    private static final String LOG = "engine-core/src/main/java/io/millrace/core/log/";
    private static final String FILE = "engine-core/src/main/java/io/millrace/core/file/SegmentFile.java";
    private static final String QUEUE = "engine-queue/src/main/java/io/millrace/queue/";
    private static final String SLOTS = QUEUE + "slots/SlotQueue.java";

    /** How often a place is reached that many operations pass, in about a second. */
    private static final int OFTEN = 4_000;

    /** A place that some pass. */
    private static final int NOW_AND_THEN = 400;

    /** A place in the life of a segment. */
    private static final int SELDOM = 12;

    private KillPoints() {}

    private static Point before(String name, int often, String source, String text) {
        return new Point(name, source, text, false, often);
    }

    private static Point after(String name, int often, String source, String text) {
        return new Point(name, source, text, true, often);
    }

    /** All of them. */
    public static List<Point> all() {
        final String commitMoved = "to.slots().commitMoved(sending, enqueuedMs, receiveCount, firstReceivedMs);";
        final String extended = "noteFlight(region, slot, control, deadlineMs);\n        core.conductor()";
        final String replaceState = "end(fates);\n        position = written;";
        final String inUse = "region.longVolatile(STATE_OFFSET, IN_USE);";
        final String manifest = "rename(directory, replacement, name, hook);";
        final String draft = "rename(directory, draft, name, hook);";
        final String pad = "log.pad(segment, from, to - from);";
        return List.of(
                // ---- messages -------------------------------------------------------------------------------------
                before("after-claim", OFTEN, LOG + "RecordLog.java", "return position(segment.index(), offset);"),
                after(
                        "after-commit",
                        OFTEN,
                        LOG + "RecordLog.java",
                        ".longRelease(index, segment.commitWord(offsetOf(position), length));"),
                before("flight", OFTEN, SLOTS, "to.flight(position, count, deadlineMs);"),
                after("flight", OFTEN, SLOTS, "to.flight(position, count, deadlineMs);"),
                before("change-of-flight", NOW_AND_THEN, SLOTS, extended),
                after("change-of-flight", NOW_AND_THEN, SLOTS, "noteFlight(region, slot, control, 0);"),
                before("ack", OFTEN, SLOTS, "noteEnd(position, End.ACKED);"),
                before("ack", OFTEN, SLOTS, "noteEnd(position, how);"),
                after("ack", OFTEN, SLOTS, "noteEnd(position, how);"),
                before("dead-letter", NOW_AND_THEN, QUEUE + "MessageMover.java", commitMoved),
                after("dead-letter", NOW_AND_THEN, QUEUE + "MessageMover.java", commitMoved),
                before("queue-state", NOW_AND_THEN, QUEUE + "state/QueueLedger.java", replaceState),
                after("queue-state", NOW_AND_THEN, QUEUE + "state/QueueLedger.java", replaceState),
                // ---- segments -------------------------------------------------------------------------------------
                before("before-force", NOW_AND_THEN, LOG + "LogForce.java", "segment.file().force(from, end - from);"),
                after("after-force", NOW_AND_THEN, LOG + "LogForce.java", "segment.file().force(from, end - from);"),
                before("preparation", SELDOM, FILE, draft),
                after("preparation", SELDOM, FILE, draft),
                after("preparation", SELDOM, LOG + "MappedSegments.java", "directory.addSegment(index);"),
                before("cleaning", NOW_AND_THEN, LOG + "Cleaner.java", "log.commit(copy, length);"),
                after("cleaning", NOW_AND_THEN, LOG + "Cleaner.java", "log.commit(copy, length);"),
                before("cleaning", NOW_AND_THEN, QUEUE + "slots/SlotUpkeep.java", "queue.releaseCopied(position);"),
                before("reuse", SELDOM, LOG + "RecordLog.java", "source.renew(segment);"),
                after("reuse", SELDOM, LOG + "RecordLog.java", "source.renew(segment);"),
                before("header", SELDOM, LOG + "SegmentLayout.java", inUse),
                after("header", SELDOM, LOG + "SegmentLayout.java", inUse),
                before("removal", SELDOM, LOG + "MappedSegments.java", "directory.removeStranger(segment.index());"),
                before("manifest", SELDOM, FILE, manifest),
                after("manifest", SELDOM, FILE, manifest),
                // ---- recovery -------------------------------------------------------------------------------------
                after("recovery", SELDOM, LOG + "LogRecovery.java", "log.adopt(segment);"),
                after("recovery", SELDOM, LOG + "LogRecovery.java", "segments.recovered(segment);"),
                before("recovery", SELDOM, LOG + "LogRecovery.java", pad),
                after("recovery", SELDOM, LOG + "LogRecovery.java", pad),
                after("recovery", SELDOM, QUEUE + "QueueRecovery.java", "registry.restore(restored);"));
    }

    /** Compiles all sources that have such places into a directory; why that was not possible, or empty. */
    public static Optional<String> plant(Workshop workshop, Path classes) throws IOException {
        final Map<String, List<Edit>> edits = all().stream()
                .collect(Collectors.groupingBy(
                        Point::source, LinkedHashMap::new, Collectors.mapping(Point::edit, Collectors.toList())));
        return edits.isEmpty() ? Optional.empty() : workshop.plant(edits, classes);
    }
}
