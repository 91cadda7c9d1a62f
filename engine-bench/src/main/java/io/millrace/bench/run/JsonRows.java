package io.millrace.bench.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** Arrays of objects, each of which ends with what is known of the machine. Stateless. */
public final class JsonRows {
    private static final double HUNDREDTHS = 100;
    private static final double THOUSANDTHS = 1000;

    /** Writes the fields of one object. */
    @FunctionalInterface
    public interface Fields<T> {
        void write(T row, JsonGenerator json) throws IOException;
    }

    private JsonRows() {}

    /** Writes the array and closes the target. */
    public static <T> void write(Writer target, List<T> rows, Fields<T> fields) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(target).useDefaultPrettyPrinter()) {
            json.writeStartArray();
            for (T row : rows) {
                json.writeStartObject();
                fields.write(row, json);
                writeMachine(json);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeRaw('\n');
        }
    }

    private static void writeMachine(JsonGenerator json) throws IOException {
        json.writeStringField("jdk", Runtime.version().toString());
        json.writeStringField("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        json.writeNumberField("cpus", Runtime.getRuntime().availableProcessors());
    }

    /** A number with two decimals. */
    public static double hundredths(double value) {
        return Math.round(value * HUNDREDTHS) / HUNDREDTHS;
    }

    /** A number with three decimals. */
    public static double thousandths(double value) {
        return Math.round(value * THOUSANDTHS) / THOUSANDTHS;
    }
}
