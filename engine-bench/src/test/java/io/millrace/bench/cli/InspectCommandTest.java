package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.millrace.Engine;
import io.millrace.api.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InspectCommandTest {
    @TempDir
    private Path temporary;

    @Test
    void shouldShowManifestSegmentsAndQueues() {
        SampleDirectory sample = SampleDirectory.in(temporary);

        CommandRun run = CommandRun.of("inspect", sample.path().toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("inspect: directory=" + sample.path())
                .containsPattern("incarnation +2\n")
                .containsPattern("closed in order +yes\n")
                .containsPattern("segments +0-[1-3]\n")
                .containsPattern(sample.first() + " +in use +1\\.1 +65,536 +65,536 ")
                .containsPattern(sample.second() + " +in use +2\\.[12] ")
                .containsPattern("dead +1 +1 +0 +0 +[1-9][0-9]* +0-0 +[0-9]+ +defaults\n")
                .containsPattern(
                        "orders +2 +26 +2 +2 +[0-9,]+ +5-[0-9]+ +[0-9]+ +visibilityTimeout=PT1H deadLetterQueue=dead/5 tags=1\n")
                .doesNotContain("snapshot", "damages", "free:");
    }

    @Test
    void shouldKeepTheSecret() throws IOException {
        SampleDirectory sample = SampleDirectory.in(temporary);
        String manifest = Files.readString(sample.file("manifest"));
        String key = manifest.substring(manifest.indexOf("receiptKey=") + 11, manifest.indexOf("\nsegments="));
        Path json = temporary.resolve("found.json");

        CommandRun run = CommandRun.of("inspect", sample.path().toString(), "--holes", "--json", json.toString());

        assertThat(key).hasSize(32);
        assertThat(run.out()).doesNotContain(key);
        assertThat(Files.readString(json)).doesNotContain(key);
    }

    @Test
    void shouldWriteTheSameAsJson() throws IOException {
        SampleDirectory sample = SampleDirectory.in(temporary);
        Path json = temporary.resolve("found.json");

        CommandRun run = CommandRun.of("inspect", sample.path().toString(), "--holes", "--json", json.toString());

        String text = Files.readString(json);
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            while (parser.nextToken() != null) {
                // until it ends, if it is JSON
            }
        }
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("free: file=" + sample.second() + " from=");
        assertThat(text)
                .contains("\"snapshot\" : false", "\"durability\" : \"PROCESS_CRASH\"", "\"name\" : \"orders\"")
                .contains("\"visible\" : 26", "\"in_flight\" : 2", "\"kind\" : \"free\"", "\"damages\" : [ ]");
    }

    @Test
    void shouldChangeNothing() throws IOException {
        SampleDirectory sample = SampleDirectory.in(temporary);
        Map<String, FileTime> before = times(sample.path());

        CommandRun.of("inspect", sample.path().toString());
        CommandRun.of("verify", sample.path().toString());

        assertThat(times(sample.path())).isEqualTo(before);
    }

    private static Map<String, FileTime> times(Path directory) throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        times.put(".", Files.getLastModifiedTime(directory));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                times.put(String.valueOf(file.getFileName()), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    @Test
    void shouldShowASnapshotOfADirectoryThatIsOpen() {
        Path path = temporary.resolve("data");
        try (Engine engine = Engine.open(path, Durability.PROCESS_CRASH)) {
            engine.queue("orders").send("one");

            CommandRun run = CommandRun.of("inspect", path.toString());

            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains("note: not closed in order").contains("snapshot");
            assertThat(run.out()).containsPattern("orders +1 +1 +0 +0 ");
            assertThat(engine.queue("orders").receive(1)).hasSize(1);
        }
    }

    @Test
    void shouldShowWhatItCanOfADamagedDirectory() throws IOException {
        SampleDirectory sample = SampleDirectory.in(temporary);
        sample.flip("manifest", 60);
        sample.flip(sample.first(), 20);

        CommandRun run = CommandRun.of("inspect", sample.path().toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsPattern(sample.first() + " +damaged ")
                .containsPattern("orders +2 +26 +2 +2 ")
                .contains("damages=2", "damage: file=manifest");
    }

    @Test
    void shouldRefuseAPathThatIsNoDirectoryOfAnEngine() throws IOException {
        Path empty = Files.createDirectory(temporary.resolve("empty"));

        for (String command : new String[] {"inspect", "verify"}) {
            CommandRun run = CommandRun.of(command, empty.toString());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .startsWith("millrace " + command + ": FAILED: not a directory of an engine: path=" + empty)
                    .doesNotContain("at io.millrace");
        }
    }
}
