package io.millrace.bench.jmh;

import io.millrace.bench.report.Figures;
import io.millrace.bench.report.TextTable;
import io.millrace.bench.run.JsonRows;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/** Figures of JMH for people and for programs. Stateless. */
public final class JmhReport {
    private JmhReport() {}

    /** A header and one line for each. */
    public static List<String> lines(List<JmhFigures> figures) {
        TextTable table = TextTable.withHeader("benchmark", "ns/op", "error", "B/op");
        for (JmhFigures one : figures) {
            table.row(
                    one.name(),
                    Figures.decimal(one.nsPerOp(), 1),
                    Double.isNaN(one.errorNs()) ? "-" : Figures.decimal(one.errorNs(), 1),
                    Figures.decimal(one.allocatedBytesPerOp(), 2));
        }
        return table.lines();
    }

    /** Writes an array of objects. */
    public static void writeJson(List<JmhFigures> figures, JmhRun run, Writer target) throws IOException {
        JsonRows.write(target, figures, (one, json) -> {
            json.writeStringField("name", one.benchmark());
            json.writeObjectFieldStart("params");
            for (Map.Entry<String, String> param : one.params().entrySet()) {
                json.writeStringField(param.getKey(), param.getValue());
            }
            json.writeEndObject();
            json.writeNumberField("ns_per_op", JsonRows.thousandths(one.nsPerOp()));
            if (!Double.isNaN(one.errorNs())) {
                json.writeNumberField("error_ns", JsonRows.thousandths(one.errorNs()));
            }
            json.writeNumberField("alloc_bytes_per_op", JsonRows.hundredths(one.allocatedBytesPerOp()));
            json.writeNumberField("forks", run.forks());
            json.writeNumberField("iterations", run.iterations());
        });
    }
}
