package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what {@code --json} writes. */
final class JsonObjects {
    /** What every row of every benchmark of messages has. */
    static final List<String> FIELDS = List.of(
            "name",
            "payload_bytes",
            "producers",
            "consumers",
            "durability",
            "messages",
            "messages_per_second",
            "p50_us",
            "p99_us",
            "alloc_bytes_per_message");

    private JsonObjects() {}

    /** The objects of an array, values as text; those of an object within are named {@code outer.inner}. */
    static List<Map<String, String>> in(Path file) throws IOException {
        List<Map<String, String>> objects = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_ARRAY);
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                Map<String, String> object = new LinkedHashMap<>();
                readFields(parser, "", object);
                objects.add(object);
            }
            assertThat(parser.currentToken()).isEqualTo(JsonToken.END_ARRAY);
        }
        return objects;
    }

    private static void readFields(JsonParser parser, String prefix, Map<String, String> object) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = prefix + parser.currentName();
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                object.put(name, "{}");
                readFields(parser, name + ".", object);
            } else {
                object.put(name, parser.getText());
            }
        }
    }

    /** A number of an object. */
    static double number(Map<String, String> object, String field) {
        return Double.parseDouble(object.getOrDefault(field, "missing " + field));
    }
}
