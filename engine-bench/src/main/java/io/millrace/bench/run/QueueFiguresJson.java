package io.millrace.bench.run;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** Figures for programs: an array of objects. Stateless. */
public final class QueueFiguresJson {
    private QueueFiguresJson() {}

    /**
     * Writes the array.
     *
     * @param durability level that the messages had
     */
    public static void write(List<QueueFigures> figures, String durability, Writer target) throws IOException {
        JsonRows.write(target, figures, (one, json) -> {
            json.writeStringField("name", one.name());
            json.writeStringField("tier", one.tier().toString());
            writeLoad(one.load(), one.rounds(), durability, json);
            writeMeasured(one.measured(), json);
        });
    }

    /** The fields of a load. */
    public static void writeLoad(QueueLoad load, Rounds rounds, String durability, JsonGenerator json)
            throws IOException {
        json.writeNumberField("payload_bytes", load.payloadBytes());
        json.writeNumberField("producers", load.crew().producers());
        json.writeNumberField("consumers", load.crew().consumers());
        json.writeNumberField("threads", load.crew().threads());
        json.writeNumberField("batch", load.crew().batch());
        json.writeStringField("durability", durability);
        json.writeNumberField("messages", load.messages());
        json.writeNumberField("backlog", load.backlog());
        json.writeNumberField("window", load.window());
        json.writeNumberField("rounds", rounds.measured());
    }

    /** The fields of what was measured. */
    public static void writeMeasured(Measured measured, JsonGenerator json) throws IOException {
        json.writeNumberField("messages_per_second", Math.round(measured.messagesPerSecond()));
        json.writeNumberField("p50_us", JsonRows.thousandths(measured.p50Us()));
        json.writeNumberField("p99_us", JsonRows.thousandths(measured.p99Us()));
        json.writeNumberField("alloc_bytes_per_message", JsonRows.hundredths(measured.allocatedBytesPerMessage()));
        json.writeNumberField("gc_count", measured.collections());
        json.writeNumberField("refusals", measured.refusals());
    }
}
