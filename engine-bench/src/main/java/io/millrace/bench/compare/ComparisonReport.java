package io.millrace.bench.compare;

import io.millrace.bench.report.Figures;
import io.millrace.bench.report.TextTable;
import io.millrace.bench.run.JsonRows;
import io.millrace.bench.run.QueueFiguresJson;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A comparison for people and for programs. Stateless. */
public final class ComparisonReport {
    private ComparisonReport() {}

    /** A header and one line for each. */
    public static List<String> table(List<ComparedFigures> figures) {
        TextTable table = TextTable.withHeader("name", "threads", "messages/s", "p50_us", "p99_us", "B/message", "GCs");
        for (ComparedFigures one : figures) {
            table.row(
                    one.name(),
                    one.load().crew().toString(),
                    Figures.count(Math.round(one.measured().messagesPerSecond())),
                    Figures.decimal(one.measured().p50Us(), 2),
                    Figures.decimal(one.measured().p99Us(), 2),
                    Figures.decimal(one.measured().allocatedBytesPerMessage(), 2),
                    Figures.count(one.measured().collections()));
        }
        return table.lines();
    }

    /** How many times as fast as each peer: one line for each, a column for each of ours; empty without peers. */
    public static List<String> ratioTable(List<ComparedFigures> figures) {
        List<ComparedFigures> ours =
                figures.stream().filter(one -> one.contestant().isMillrace()).toList();
        if (ours.isEmpty() || ours.get(0).ratioTo().isEmpty()) {
            return List.of();
        }
        List<String> header = new ArrayList<>(List.of("times as fast as"));
        ours.forEach(one -> header.add(one.name()));
        TextTable table = TextTable.withHeader(header.toArray(String[]::new));
        for (Contestant peer : ours.get(0).ratioTo().keySet()) {
            List<String> row = new ArrayList<>(List.of(ours.get(0).nameOf(peer)));
            ours.forEach(one -> row.add(Figures.decimal(one.ratioTo().getOrDefault(peer, Double.NaN), 2)));
            table.row(row.toArray(String[]::new));
        }
        return table.lines();
    }

    /**
     * Writes an array of objects; those of the engine have {@code ratio_to}.
     *
     * @param durability level that the messages had
     */
    public static void writeJson(List<ComparedFigures> figures, String durability, Writer target) throws IOException {
        JsonRows.write(target, figures, (one, json) -> {
            json.writeStringField("name", one.name());
            QueueFiguresJson.writeLoad(one.load(), one.rounds(), durability, json);
            QueueFiguresJson.writeMeasured(one.measured(), json);
            if (one.contestant().isMillrace()) {
                json.writeObjectFieldStart("ratio_to");
                for (Map.Entry<Contestant, Double> ratio : one.ratioTo().entrySet()) {
                    json.writeNumberField(one.nameOf(ratio.getKey()), JsonRows.thousandths(ratio.getValue()));
                }
                json.writeEndObject();
            }
        });
    }
}
