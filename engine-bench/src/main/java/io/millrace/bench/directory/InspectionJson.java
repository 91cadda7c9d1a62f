package io.millrace.bench.directory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.core.directory.Manifest;
import io.millrace.core.log.LogDamage;
import io.millrace.core.log.StoredSegment;
import io.millrace.queue.stored.StoredQueue;
import java.io.IOException;
import java.io.Writer;
import java.util.HexFormat;

/** What is in a directory, as one JSON object. Stateless. */
public final class InspectionJson {
    private InspectionJson() {}

    /**
     * Writes the object and closes the target.
     *
     * @param holes whether the place of each hole is wanted, and not only their number
     */
    public static void write(StoredDirectory directory, boolean holes, Writer target) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(target).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("directory", directory.path().toString());
            json.writeBooleanField("snapshot", directory.mayChange());
            if (directory.manifest().isPresent()) {
                write(directory.manifest().get(), json);
            }
            json.writeArrayFieldStart("segments");
            for (StoredSegment segment : directory.segments()) {
                write(segment, holes, json);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("queues");
            for (StoredQueue queue : directory.queues()) {
                write(queue, json);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("damages");
            for (LogDamage damage : directory.damages()) {
                write(damage, json);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void write(Manifest manifest, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("manifest");
        json.writeNumberField("format", Manifest.FORMAT);
        json.writeStringField("build", Manifest.BUILD);
        json.writeStringField("directory_id", HexFormat.of().toHexDigits(manifest.directoryId()));
        json.writeNumberField("incarnation", manifest.incarnation());
        json.writeStringField("durability", manifest.durability().name());
        json.writeStringField("boot", manifest.boot());
        json.writeBooleanField("clean", manifest.clean());
        json.writeNumberField("engine_time_ms", manifest.engineTimeMs());
        json.writeNumberField("queue_numbers", manifest.queueNumberCeiling());
        json.writeStringField("segments", manifest.segments().toString());
        json.writeEndObject();
    }

    private static void write(StoredSegment segment, boolean holes, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", segment.file());
        json.writeBooleanField("listed", segment.isListed());
        json.writeStringField("state", InspectionTables.name(segment.state()));
        json.writeNumberField("generation", segment.generation());
        json.writeNumberField("bytes", segment.length());
        json.writeNumberField("mark", segment.marked());
        json.writeNumberField("records", segment.records());
        json.writeNumberField("live_records", segment.liveRecords());
        json.writeNumberField("live_bytes", segment.liveBytes());
        json.writeNumberField("dead_bytes", segment.deadBytes());
        json.writeNumberField("torn_records", segment.tornRecords());
        if (holes) {
            json.writeArrayFieldStart("holes");
            for (StoredSegment.Place hole : segment.holes()) {
                json.writeStartObject();
                json.writeNumberField("from", hole.from());
                json.writeNumberField("to", hole.to());
                json.writeStringField("kind", InspectionTables.kind(hole));
                json.writeEndObject();
            }
            json.writeEndArray();
        } else {
            json.writeNumberField("holes", segment.holes().size());
        }
        json.writeEndObject();
    }

    private static void write(StoredQueue queue, JsonGenerator json) throws IOException {
        json.writeStartObject();
        if (queue.isThere()) {
            json.writeStringField("name", queue.state().orElseThrow().name());
            json.writeNumberField("ceiling", queue.state().orElseThrow().ceiling());
            json.writeStringField("config", InspectionTables.brief(queue.state().orElseThrow()));
        }
        json.writeNumberField("number", queue.number());
        json.writeNumberField("visible", queue.messages().visible());
        json.writeNumberField("delayed", queue.messages().delayed());
        json.writeNumberField("in_flight", queue.messages().inFlight());
        json.writeNumberField("live_bytes", queue.liveBytes());
        json.writeNumberField("first_sequence", queue.firstSequence());
        json.writeNumberField("last_sequence", queue.lastSequence());
        json.writeEndObject();
    }

    private static void write(LogDamage damage, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", damage.file());
        json.writeNumberField("from", damage.from());
        json.writeNumberField("to", damage.to());
        json.writeStringField("problem", damage.problem());
        json.writeEndObject();
    }
}
