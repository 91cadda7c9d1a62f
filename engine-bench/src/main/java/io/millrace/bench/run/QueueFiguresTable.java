package io.millrace.bench.run;

import io.millrace.bench.report.Figures;
import io.millrace.bench.report.TextTable;
import java.util.List;

/** Figures for people. Stateless. */
public final class QueueFiguresTable {
    private QueueFiguresTable() {}

    /** A header and one line for each. */
    public static List<String> lines(List<QueueFigures> figures) {
        TextTable table = TextTable.withHeader(
                "name",
                "payload",
                "threads",
                "backlog",
                "messages/s",
                "slowest",
                "fastest",
                "p50_us",
                "p99_us",
                "B/message",
                "GCs",
                "refused",
                "forces/s",
                "messages/force",
                "faults/MiB");
        for (QueueFigures one : figures) {
            table.row(
                    one.name(),
                    Figures.count(one.load().payloadBytes()),
                    one.load().crew().toString(),
                    Figures.count(one.load().backlog()),
                    Figures.count(Math.round(one.measured().messagesPerSecond())),
                    Figures.count(Math.round(one.measured().slowest())),
                    Figures.count(Math.round(one.measured().fastest())),
                    Figures.decimal(one.measured().p50Us(), 2),
                    Figures.decimal(one.measured().p99Us(), 2),
                    Figures.decimal(one.measured().allocatedBytesPerMessage(), 2),
                    Figures.count(one.measured().collections()),
                    Figures.count(one.measured().refusals()),
                    Figures.count(Math.round(one.measured().forcesPerSecond())),
                    Figures.decimal(one.measured().messagesPerForce(), 1),
                    Figures.decimal(one.measured().faultsPerMib(), 1));
        }
        return table.lines();
    }
}
