package io.millrace.bench.recovery;

import io.millrace.bench.report.Figures;
import io.millrace.bench.report.TextTable;
import io.millrace.bench.run.JsonRows;
import io.millrace.bench.run.QueueFiguresJson;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** Figures of openings for people and for programs. Stateless. */
public final class RecoveryReport {
    private static final double MS_PER_S = 1e3;
    private static final double MIB = 1 << 20;
    private static final double LEAST_MESSAGES_PER_SECOND = 2e6;
    private static final double MOST_SECONDS_PER_GIB = 2;
    private static final double MOST_OVERHEAD_BYTES = 160;

    private RecoveryReport() {}

    /** A header, one line for each case, and one for each goal. */
    public static List<String> lines(List<RecoveryFigures> figures) {
        TextTable table = TextTable.withHeader(
                "recovery",
                "messages",
                "payload",
                "log MiB",
                "open ms",
                "shortest",
                "longest",
                "messages/s",
                "s per GiB",
                "memory B each",
                "record B beyond",
                "file B beyond");
        for (RecoveryFigures one : figures) {
            table.row(
                    one.what().toString(),
                    Figures.count(one.load().messages()),
                    Figures.count(one.load().payloadBytes()),
                    Figures.decimal(one.logBytes() / MIB, 1),
                    Figures.decimal(one.seconds() * MS_PER_S, 1),
                    Figures.decimal(one.leastSeconds() * MS_PER_S, 1),
                    Figures.decimal(one.mostSeconds() * MS_PER_S, 1),
                    Figures.count(Math.round(one.messagesPerSecond())),
                    Figures.decimal(one.secondsPerGib(), 2),
                    Figures.decimal(one.memoryBytesEach(), 1),
                    Figures.decimal(one.recordBytesEach(), 1),
                    Figures.decimal(one.fileBytesEach(), 1));
        }
        List<String> lines = new ArrayList<>(table.lines());
        for (RecoveryFigures one : figures) {
            lines.add(goal(
                    one.messagesPerSecond() >= LEAST_MESSAGES_PER_SECOND,
                    one.what() + ": " + Figures.count(Math.round(one.messagesPerSecond()))
                            + " live messages/s, at least " + Figures.count((long) LEAST_MESSAGES_PER_SECOND)));
            lines.add(goal(
                    one.secondsPerGib() <= MOST_SECONDS_PER_GIB,
                    one.what() + ": " + Figures.decimal(one.secondsPerGib(), 2) + " s for 1 GiB of log, at most "
                            + Figures.decimal(MOST_SECONDS_PER_GIB, 0)));
        }
        double overhead = figures.get(0).overheadBytesEach();
        lines.add(goal(
                overhead <= MOST_OVERHEAD_BYTES,
                Figures.decimal(overhead, 1)
                        + " B beyond the payload of a waiting message, in memory and in its record, at most "
                        + Figures.decimal(MOST_OVERHEAD_BYTES, 0)));
        return lines;
    }

    private static String goal(boolean isReached, String what) {
        return "goal " + (isReached ? "reached" : "MISSED") + ": " + what;
    }

    /** Writes an array of objects. */
    public static void writeJson(List<RecoveryFigures> figures, Writer target) throws IOException {
        JsonRows.write(target, figures, (one, json) -> {
            json.writeStringField("name", "recovery-" + one.what());
            json.writeNumberField("payload_bytes", one.load().payloadBytes());
            json.writeStringField(
                    "durability", QueueFiguresJson.nameOf(one.load().durability()));
            json.writeNumberField("messages", one.load().messages());
            json.writeNumberField("rounds", one.openNs().size());
            json.writeNumberField("messages_per_second", Math.round(one.messagesPerSecond()));
            json.writeNumberField("open_ms", JsonRows.thousandths(one.seconds() * MS_PER_S));
            json.writeNumberField("open_ms_shortest", JsonRows.thousandths(one.leastSeconds() * MS_PER_S));
            json.writeNumberField("open_ms_longest", JsonRows.thousandths(one.mostSeconds() * MS_PER_S));
            json.writeNumberField("s_per_gib", JsonRows.thousandths(one.secondsPerGib()));
            json.writeNumberField("log_bytes", one.logBytes());
            json.writeNumberField("memory_bytes_each", JsonRows.hundredths(one.memoryBytesEach()));
            json.writeNumberField("record_overhead_bytes_each", JsonRows.hundredths(one.recordBytesEach()));
            json.writeNumberField("file_overhead_bytes_each", JsonRows.hundredths(one.fileBytesEach()));
            json.writeStringField("jvm_options", String.join(" ", one.load().jvmOptions()));
        });
    }
}
