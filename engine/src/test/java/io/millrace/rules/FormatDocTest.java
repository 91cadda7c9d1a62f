package io.millrace.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Engine;
import io.millrace.api.Durability;
import io.millrace.api.EngineClock;
import io.millrace.api.EngineConfig;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.core.codec.RecordProperties;
import io.millrace.core.directory.Manifest;
import io.millrace.core.directory.ReceiptKey;
import io.millrace.core.directory.SegmentSet;
import io.millrace.core.log.Fate;
import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.SegmentLayout;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code docs/FORMAT.md} says what the code does: its tables equal the constants, and an engine opens its example. */
class FormatDocTest {
    private static final Path PAGE = Path.of("..", "docs", "FORMAT.md");
    private static final int SEGMENT_LENGTH = 4096;
    private static final long SENT_MS = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    @TempDir
    private Path directory;

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    /** What stands under a heading. */
    private static String section(String heading) throws IOException {
        String page = page();
        int from = page.indexOf("\n## " + heading + "\n");
        assertThat(from).as(heading).isNotNegative();
        int to = page.indexOf("\n## ", from + 1);
        return page.substring(from, to < 0 ? page.length() : to);
    }

    // ---- tables ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"Segment,io.millrace.core.log.SegmentLayout", "Record,io.millrace.core.log.RecordLayout"})
    void shouldDrawLayoutsThatEqualTheirConstants(String heading, Class<?> layout) throws Exception {
        Matcher row =
                Pattern.compile("(?m)^\\| (\\d+) \\| (\\d+) \\| ([A-Z_]+) \\|").matcher(section(heading));
        int end = 0;
        int rows = 0;
        while (row.find()) {
            int offset = Integer.parseInt(row.group(1));
            assertThat(offset).as(row.group(3)).isEqualTo(end);
            assertThat(layout.getField(row.group(3) + "_OFFSET").getInt(null))
                    .as(row.group(3))
                    .isEqualTo(offset);
            end = offset + Integer.parseInt(row.group(2));
            rows++;
        }

        assertThat(end).isEqualTo(layout.getField("SIZE").getInt(null));
        assertThat(rows).as("a row for each field").isEqualTo((int) Arrays.stream(layout.getFields())
                .filter(field -> field.getName().endsWith("_OFFSET"))
                .count());
    }

    @ParameterizedTest
    @CsvSource({"Record,type", "Record,flag", "Properties,tag", "Properties,kind", "Fates,code"})
    void shouldListCodesThatEqualTheirConstants(String heading, String column) throws Exception {
        Map<String, Integer> expected = switch (column) {
            case "type" -> codes(RecordLayout.class, "PADDING", "MESSAGE", "STATE", "NOTE");
            case "flag" -> codes(RecordLayout.class, "HAS_FATE", "HAS_ORIGIN", "ENCRYPTED");
            case "tag" -> codes(RecordProperties.class, "ATTRIBUTES", "ORIGINAL_ID", "SOURCE", "REASON", "ORIGIN");
            case "kind" -> codes(Class.forName("io.millrace.core.codec.AttributesCodec"), "STRING", "NUMBER", "BINARY");
            default -> ends();
        };

        assertThat(table(section(heading), column)).isEqualTo(expected);
    }

    private static Map<String, Integer> codes(Class<?> owner, String... names) throws ReflectiveOperationException {
        Map<String, Integer> codes = new TreeMap<>();
        for (String name : names) {
            Field field = owner.getDeclaredField(name);
            field.setAccessible(true);
            codes.put(name, ((Number) field.get(null)).intValue());
        }
        return codes;
    }

    private static Map<String, Integer> ends() throws ReflectiveOperationException {
        Field code = Fate.End.class.getDeclaredField("code");
        code.setAccessible(true);
        Map<String, Integer> codes = new TreeMap<>();
        for (Fate.End end : Fate.End.values()) {
            codes.put(end.name(), code.getInt(end));
        }
        return codes;
    }

    /** The rows of the table whose first column has this name: number, then name. */
    private static Map<String, Integer> table(String section, String column) {
        Map<String, Integer> rows = new TreeMap<>();
        Matcher row = Pattern.compile("\\| (\\d+) \\| ([A-Z_]+) \\|.*").matcher("");
        boolean inside = false;
        for (String line : section.lines().toList()) {
            inside = line.startsWith("| " + column + " |") || (inside && line.startsWith("|"));
            if (inside && row.reset(line).matches()) {
                rows.put(row.group(2), Integer.parseInt(row.group(1)));
            }
        }
        return rows;
    }

    @Test
    void shouldListTheKeysOfTheManifestInOrder() throws IOException {
        Manifest any = new Manifest(
                1, 1, Durability.POWER_LOSS, Manifest.UNKNOWN_BOOT, true, 0, 1, new ReceiptKey(1, 2), SegmentSet.EMPTY);
        List<String> keys = new String(any.bytes(), StandardCharsets.US_ASCII)
                .lines()
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();
        List<String> listed = new ArrayList<>();
        Matcher row = Pattern.compile("(?m)^\\| `([a-zA-Z]+)` \\|").matcher(section("Manifest"));
        while (row.find()) {
            listed.add(row.group(1));
        }

        assertThat(listed).isEqualTo(keys);
    }

    @Test
    void shouldNameTheStatesOfASegment() throws IOException {
        assertThat(section("Segment")).contains("`" + ascii(SegmentLayout.IN_USE) + "` in ASCII: it holds records");
        assertThat(section("Segment")).contains("`" + ascii(SegmentLayout.EMPTY) + "`: it holds none");
        assertThat(section("History")).contains("| " + Manifest.FORMAT + " | " + Manifest.BUILD + " |");
    }

    private static String ascii(long word) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Long.BYTES; i++) {
            text.append((char) (word >>> (i * Byte.SIZE) & 0xFF));
        }
        return text.toString();
    }

    // ---- the example ----------------------------------------------------------------------------------------------

    private static String example(String name) throws IOException {
        Matcher block =
                Pattern.compile("```" + name + "\n(.*?)```", Pattern.DOTALL).matcher(page());
        assertThat(block.find()).as(name).isTrue();
        return block.group(1);
    }

    private static byte[] exampleSegment() throws IOException {
        byte[] bytes = new byte[SEGMENT_LENGTH];
        for (String line : example("segment").lines().toList()) {
            byte[] row = HexFormat.ofDelimiter(" ").parseHex(line.substring(6));
            System.arraycopy(row, 0, bytes, HexFormat.fromHexDigits(line, 0, 4), row.length);
        }
        return bytes;
    }

    private void writeExample(byte[] segment) throws IOException {
        Files.writeString(directory.resolve("manifest"), example("manifest"));
        Files.write(directory.resolve("segment-00000000"), segment);
    }

    private Engine open() {
        EngineClock aMinuteLater = new EngineClock() {
            @Override
            public long wallMs() {
                return SENT_MS + 60_000;
            }

            @Override
            public long monotonicNs() {
                return 0;
            }
        };
        return Engine.open(
                directory,
                Durability.PROCESS_CRASH,
                EngineConfig.defaults().withClock(aMinuteLater).allowSharedDirectory());
    }

    @Test
    void shouldGiveAnExampleThatAnEngineOpens() throws IOException {
        writeExample(exampleSegment());

        try (Engine engine = open()) {
            MessageQueue orders = engine.queue("orders");
            List<Delivery> deliveries = orders.receive(2);

            assertThat(engine.catalog().list("", 10).items()).containsExactly("orders");
            assertThat(orders.admin().tags()).isEqualTo(Map.of("team", "blue"));
            assertThat(deliveries).hasSize(1);
            assertThat(deliveries.get(0).text()).isEqualTo("hello");
            assertThat(deliveries.get(0).attributes().text("n")).contains("7");
            assertThat(deliveries.get(0).receiveCount()).isEqualTo(3);
            assertThat(deliveries.get(0).sentAt().toEpochMilli()).isEqualTo(SENT_MS);
            assertThat(deliveries.get(0).firstReceivedAt().toEpochMilli()).isEqualTo(SENT_MS + 1_000);
            assertThat(deliveries.get(0).ack()).isTrue();
            assertThat(orders.send("another")).isNotNull();
        }
    }

    /** Else the example would not show that the formulas are right. */
    @Test
    void shouldGiveAnExampleInWhichEveryByteOfTheMessageCounts() throws IOException {
        byte[] example = exampleSegment();
        int message = 0x110;
        for (int i = message; i < message + 0x67; i++) {
            boolean isEnd = i >= message + RecordLayout.END_OFFSET && i < message + RecordLayout.FLIGHT_OFFSET;
            byte[] damaged = example.clone();
            damaged[i] ^= 1;
            if (isEnd) {
                continue;
            }
            writeExample(damaged);

            try (Engine engine = open()) {
                List<Delivery> deliveries = engine.queue("orders").receive(1);

                boolean isAsItWas = deliveries.size() == 1
                        && deliveries.get(0).receiveCount() == 3
                        && deliveries.get(0).firstReceivedAt().toEpochMilli() == SENT_MS + 1_000;
                assertThat(isAsItWas).as("byte " + i).isFalse();
            }
            deleteAll();
        }
    }

    private void deleteAll() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
