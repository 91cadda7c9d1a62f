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
        TextTable table = TextTable.withHeader(
                "name",
                "threads",
                "messages/s",
                "slowest",
                "fastest",
                "p50_us",
                "p99_us",
                "B/message",
                "GCs",
                "forces/s",
                "messages/force",
                "faults/MiB");
        for (ComparedFigures one : figures) {
            table.row(
                    one.entrant().name(),
                    one.entrant().load().crew().toString(),
                    Figures.count(Math.round(one.measured().messagesPerSecond())),
                    Figures.count(Math.round(one.measured().slowest())),
                    Figures.count(Math.round(one.measured().fastest())),
                    Figures.decimal(one.measured().p50Us(), 2),
                    Figures.decimal(one.measured().p99Us(), 2),
                    Figures.decimal(one.measured().allocatedBytesPerMessage(), 2),
                    Figures.count(one.measured().collections()),
                    Figures.count(Math.round(one.measured().forcesPerSecond())),
                    Figures.decimal(one.measured().messagesPerForce(), 1),
                    Figures.decimal(one.measured().faultsPerMib(), 1));
        }
        return table.lines();
    }

    /**
     * How many times as fast as each peer, and in brackets the rounds that were least and most favourable: one line for each
     * peer, a column for each of ours; empty without peers.
     */
    public static List<String> ratioTable(List<ComparedFigures> figures) {
        List<ComparedFigures> ours =
                figures.stream().filter(ComparedFigures::isMillrace).toList();
        if (ours.isEmpty() || ours.get(0).ratioTo().isEmpty()) {
            return List.of();
        }
        List<String> header = new ArrayList<>(List.of("times as fast as"));
        ours.forEach(one -> header.add(one.entrant().name()));
        TextTable table = TextTable.withHeader(header.toArray(String[]::new));
        for (Entrant peer : ours.get(0).ratioTo().keySet()) {
            List<String> row = new ArrayList<>(List.of(peer.name()));
            for (ComparedFigures one : ours) {
                Ratio ratio = one.ratioTo().get(peer);
                row.add(ratio == null ? "-" : text(ratio));
            }
            table.row(row.toArray(String[]::new));
        }
        return table.lines();
    }

    static String text(Ratio ratio) {
        return Figures.decimal(ratio.median(), 2) + " (" + Figures.decimal(ratio.least(), 2) + " to "
                + Figures.decimal(ratio.most(), 2) + ")";
    }

    /** Writes an array of objects; those of the engine have {@code ratio_to}. */
    public static void writeJson(List<ComparedFigures> figures, Writer target) throws IOException {
        JsonRows.write(target, figures, (one, json) -> {
            json.writeStringField("name", one.entrant().name());
            json.writeStringField("heat", one.heat().title());
            QueueFiguresJson.writeLoad(one.entrant().load(), one.entrant().persistence(), one.rounds(), json);
            QueueFiguresJson.writeMeasured(one.measured(), json);
            if (one.isMillrace()) {
                json.writeObjectFieldStart("ratio_to");
                for (Map.Entry<Entrant, Ratio> ratio : one.ratioTo().entrySet()) {
                    json.writeNumberField(
                            ratio.getKey().name(),
                            JsonRows.thousandths(ratio.getValue().median()));
                }
                json.writeEndObject();
            }
        });
    }
}
