package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class QueueBenchCommandTest {
    @TempDir
    private Path directory;

    private static CommandRun bench(String options) {
        return CommandRun.of(("bench queue --warmups 1 --rounds 2 --messages 2000 " + options).split(" "));
    }

    @Test
    void shouldPrintOneRowForEachTier() {
        CommandRun run = bench("--payload 32 --backlog 100");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("bench: raw 1P1C warm-up", "bench: heap 1P1C round 2 of 2")
                .contains("messages/s", "slowest", "fastest", "p50_us", "p99_us", "forces/s", "faults/MiB")
                .containsPattern("millrace-raw +32 +1P1C +100 ")
                .containsPattern("millrace-heap +32 +1P1C +100 ");
    }

    @Test
    void shouldWriteAnArrayOfObjects() throws IOException {
        Path file = directory.resolve("figures.json");

        CommandRun run = bench("--payload 64 --producers 2 --consumers 3 --backlog 10 --json " + file);

        assertThat(run.exitCode()).isZero();
        List<Map<String, String>> objects = JsonObjects.in(file);
        assertThat(objects).hasSize(2);
        assertThat(objects.get(0))
                .containsEntry("name", "millrace-raw")
                .containsEntry("tier", "raw")
                .containsEntry("payload_bytes", "64")
                .containsEntry("producers", "2")
                .containsEntry("consumers", "3")
                .containsEntry("threads", "5")
                .containsEntry("durability", "memory")
                .containsEntry("messages", "2000")
                .containsEntry("backlog", "10")
                .containsEntry("rounds", "2")
                .containsKeys("jdk", "cpus", "gc_count", "refusals");
        assertThat(objects)
                .allSatisfy(object -> assertThat(
                                List.of("messages_per_second", "p50_us", "p99_us", "alloc_bytes_per_message"))
                        .allSatisfy(field -> assertThat(Double.parseDouble(object.getOrDefault(field, "missing")))
                                .isNotNegative()));
    }

    @Test
    void shouldMeasureACycle() throws IOException {
        Path file = directory.resolve("figures.json");

        CommandRun run = bench("--cycle --tier raw --json " + file);

        assertThat(run.exitCode()).isZero();
        assertThat(JsonObjects.in(file))
                .singleElement()
                .satisfies(object -> assertThat(object)
                        .containsEntry("name", "millrace-raw-cycle")
                        .containsEntry("threads", "1"));
    }

    @Test
    void shouldReplaceTheFiguresOfAnEarlierRun() throws IOException {
        Path file = Files.writeString(directory.resolve("figures.json"), "x".repeat(10_000));

        bench("--cycle --tier raw --json " + file);

        assertThat(JsonObjects.in(file)).hasSize(1);
    }

    @Test
    void shouldRefuseADirectoryInPlaceOfAJsonFileBeforeMeasuring() {
        CommandRun run = bench("--json " + directory);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("--json cannot be written: --json=" + directory);
    }

    @Test
    void shouldKeepMessagesInADirectoryAndForceThem() throws IOException {
        Path file = directory.resolve("figures.json");
        Path data = Files.createDirectory(directory.resolve("data"));

        CommandRun run = bench("--durability power-loss --ack-durability process-crash --data " + data
                + " --producers 8 --consumers 0 --json " + file);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        List<Map<String, String>> objects = JsonObjects.in(file);
        assertThat(objects).hasSize(2).allSatisfy(object -> {
            assertThat(object)
                    .containsEntry("durability", "power-loss")
                    .containsEntry("ack_durability", "process-crash")
                    .containsEntry("consumers", "0");
            assertThat(JsonObjects.number(object, "forces_per_second")).isPositive();
            assertThat(JsonObjects.number(object, "messages_per_force")).isPositive();
            assertThat(JsonObjects.number(object, "messages_per_second"))
                    .isBetween(
                            JsonObjects.number(object, "messages_per_second_slowest"),
                            JsonObjects.number(object, "messages_per_second_fastest"));
        });
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void shouldSendBatchesInTheHeapTierAlone() throws IOException {
        Path file = directory.resolve("figures.json");

        bench("--send-batch 10 --json " + file);

        assertThat(JsonObjects.in(file))
                .singleElement()
                .satisfies(object -> assertThat(object)
                        .containsEntry("name", "millrace-heap")
                        .containsEntry("send_batch", "10"));
    }
}
