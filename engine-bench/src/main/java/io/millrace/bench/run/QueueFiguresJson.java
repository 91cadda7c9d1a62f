package io.millrace.bench.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** Figures for programs: an array of objects. Stateless. */
public final class QueueFiguresJson {
    private static final double HUNDREDTHS = 100;
    private static final double THOUSANDTHS = 1000;

    private QueueFiguresJson() {}

    /**
     * Writes the array.
     *
     * @param durability level that the messages had
     */
    public static void write(List<QueueFigures> figures, String durability, Writer target) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(target).useDefaultPrettyPrinter()) {
            json.writeStartArray();
            for (QueueFigures one : figures) {
                write(one, durability, json);
            }
            json.writeEndArray();
            json.writeRaw('\n');
        }
    }

    private static void write(QueueFigures figures, String durability, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", figures.name());
        writeLoad(figures, durability, json);
        json.writeNumberField("messages_per_second", Math.round(figures.messagesPerSecond()));
        json.writeNumberField("p50_us", rounded(figures.p50Us(), THOUSANDTHS));
        json.writeNumberField("p99_us", rounded(figures.p99Us(), THOUSANDTHS));
        json.writeNumberField("alloc_bytes_per_message", rounded(figures.allocatedBytesPerMessage(), HUNDREDTHS));
        json.writeNumberField("gc_count", figures.collections());
        json.writeNumberField("refusals", figures.refusals());
        writeMachine(json);
        json.writeEndObject();
    }

    private static void writeLoad(QueueFigures figures, String durability, JsonGenerator json) throws IOException {
        QueueLoad load = figures.load();
        json.writeStringField("tier", figures.tier().toString());
        json.writeNumberField("payload_bytes", load.payloadBytes());
        json.writeNumberField("producers", load.crew().producers());
        json.writeNumberField("consumers", load.crew().consumers());
        json.writeNumberField("threads", load.crew().threads());
        json.writeNumberField("batch", load.crew().batch());
        json.writeStringField("durability", durability);
        json.writeNumberField("messages", load.messages());
        json.writeNumberField("backlog", load.backlog());
        json.writeNumberField("window", load.window());
        json.writeNumberField("rounds", figures.rounds().measured());
    }

    private static void writeMachine(JsonGenerator json) throws IOException {
        json.writeStringField("jdk", Runtime.version().toString());
        json.writeStringField("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        json.writeNumberField("cpus", Runtime.getRuntime().availableProcessors());
    }

    private static double rounded(double value, double parts) {
        return Math.round(value * parts) / parts;
    }
}
