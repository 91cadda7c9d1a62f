package io.millrace.bench.scale;

import io.millrace.bench.report.Figures;
import io.millrace.bench.report.TextTable;
import io.millrace.bench.run.JsonRows;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** Figures of scale for people and for programs. Stateless. */
public final class ScaleReport {
    private static final double NS_PER_S = 1e9;

    private ScaleReport() {}

    /** A header, one line for each step, and one for each goal. */
    public static List<String> lines(List<ScaleFigures> figures) {
        TextTable table = TextTable.withHeader(
                "name",
                "count",
                "ns each",
                "p50_us",
                "off-heap B each",
                "overhead B",
                "heap B each",
                "allocated B each");
        for (ScaleFigures one : figures) {
            StepCost cost = one.cost();
            table.row(
                    one.name(),
                    Figures.count(one.load().count()),
                    Figures.decimal(cost.nsEach(), 1),
                    Figures.decimal(cost.p50Us(), 2),
                    Figures.decimal(cost.offHeapBytesEach(), 1),
                    one.overheadBytes().isPresent()
                            ? Figures.decimal(one.overheadBytes().getAsDouble(), 1)
                            : "-",
                    Figures.decimal(cost.heapBytesEach(), 1),
                    Figures.decimal(cost.allocatedBytesEach(), 1));
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.addAll(ScaleGoal.lines(figures));
        return lines;
    }

    /**
     * Writes an array of objects.
     *
     * @param durability level that the messages had
     */
    public static void writeJson(List<ScaleFigures> figures, String durability, Writer target) throws IOException {
        JsonRows.write(target, figures, (one, json) -> {
            StepCost cost = one.cost();
            json.writeStringField("name", one.name());
            json.writeStringField("part", one.load().part().toString());
            json.writeNumberField("payload_bytes", one.load().payloadBytes());
            json.writeNumberField("producers", 1);
            json.writeNumberField("consumers", 1);
            json.writeNumberField("threads", 1);
            json.writeStringField("durability", durability);
            json.writeNumberField("messages", one.load().count());
            json.writeNumberField("rounds", one.rounds());
            json.writeNumberField("messages_per_second", Math.round(NS_PER_S / Math.max(1, cost.nsEach())));
            json.writeNumberField("p50_us", JsonRows.thousandths(cost.p50Us()));
            json.writeNumberField("p99_us", JsonRows.thousandths(cost.p99Us()));
            json.writeNumberField("alloc_bytes_per_message", JsonRows.hundredths(cost.allocatedBytesEach()));
            json.writeNumberField("ns_each", JsonRows.hundredths(cost.nsEach()));
            json.writeNumberField("off_heap_bytes_each", JsonRows.hundredths(cost.offHeapBytesEach()));
            json.writeNumberField("heap_bytes_each", JsonRows.hundredths(cost.heapBytesEach()));
            if (one.overheadBytes().isPresent()) {
                json.writeNumberField(
                        "overhead_bytes_each",
                        JsonRows.hundredths(one.overheadBytes().getAsDouble()));
            }
            json.writeNumberField("off_heap_limit", one.load().offHeapLimit());
            json.writeStringField("jvm_options", String.join(" ", one.load().jvmOptions()));
        });
    }
}
