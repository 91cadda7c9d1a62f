package io.millrace.bench.run;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.api.Durability;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;

/** Figures for programs: an array of objects. Stateless. */
public final class QueueFiguresJson {
    private QueueFiguresJson() {}

    /** Writes the array. */
    public static void write(List<QueueFigures> figures, Writer target) throws IOException {
        JsonRows.write(target, figures, (one, json) -> {
            json.writeStringField("name", one.name());
            json.writeStringField("tier", one.tier().toString());
            writeLoad(one.load(), one.persistence(), one.rounds(), json);
            writeMeasured(one.measured(), json);
        });
    }

    /** The fields of a load. */
    public static void writeLoad(QueueLoad load, Persistence persistence, Rounds rounds, JsonGenerator json)
            throws IOException {
        json.writeNumberField("payload_bytes", load.payloadBytes());
        json.writeNumberField("producers", load.crew().producers());
        json.writeNumberField("consumers", load.crew().consumers());
        json.writeNumberField("threads", load.crew().threads());
        json.writeNumberField("batch", load.crew().batch());
        json.writeNumberField("send_batch", load.crew().sendBatch());
        json.writeStringField("durability", nameOf(persistence.level()));
        if (persistence.isForced()) {
            json.writeStringField("ack_durability", nameOf(persistence.ackLevel()));
        }
        json.writeNumberField("messages", load.messages());
        json.writeNumberField("backlog", load.backlog());
        json.writeNumberField("window", load.window());
        json.writeNumberField("rounds", rounds.measured());
    }

    /** A level as one types it. */
    public static String nameOf(Durability level) {
        return level.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The fields of what was measured. */
    public static void writeMeasured(Measured measured, JsonGenerator json) throws IOException {
        json.writeNumberField("messages_per_second", Math.round(measured.messagesPerSecond()));
        json.writeNumberField("messages_per_second_slowest", Math.round(measured.slowest()));
        json.writeNumberField("messages_per_second_fastest", Math.round(measured.fastest()));
        json.writeNumberField("p50_us", JsonRows.thousandths(measured.p50Us()));
        json.writeNumberField("p99_us", JsonRows.thousandths(measured.p99Us()));
        json.writeNumberField("alloc_bytes_per_message", JsonRows.hundredths(measured.allocatedBytesPerMessage()));
        json.writeNumberField("gc_count", measured.collections());
        json.writeNumberField("refusals", measured.refusals());
        json.writeNumberField("forces_per_second", JsonRows.hundredths(measured.forcesPerSecond()));
        json.writeNumberField("messages_per_force", JsonRows.hundredths(measured.messagesPerForce()));
        json.writeNumberField("minor_faults_per_mib", JsonRows.hundredths(measured.faultsPerMib()));
    }
}
