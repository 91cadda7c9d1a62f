package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Children with few of everything: that all steps are there and their figures fit together, not how large they are. */
@Timeout(120)
class ScaleBenchCommandTest {
    private static final String SMALL =
            "bench scale --rounds 2 --starts 2 --opens 3 --queues 200 --delayed 3000 --in-flight 3000 --waiting 50000 ";

    @TempDir
    private Path directory;

    private static CommandRun scale(String options) {
        return CommandRun.of((SMALL + options).split(" "));
    }

    @Test
    void shouldMeasureEveryStepOfEveryPart() throws IOException {
        Path file = directory.resolve("figures.json");

        CommandRun run = scale("--payload 64 --json " + file);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        List<Map<String, String>> rows = JsonObjects.in(file);
        assertThat(rows)
                .extracting(row -> row.get("name"))
                .containsExactly(
                        "scale-queues-create",
                        "scale-queues-send",
                        "scale-queues-drain",
                        "scale-queues-delete",
                        "scale-delayed-send",
                        "scale-delayed-due",
                        "scale-delayed-drain",
                        "scale-in-flight-send",
                        "scale-in-flight-receive",
                        "scale-in-flight-ack",
                        "scale-waiting-send",
                        "scale-waiting-drain",
                        "scale-first-message-warm",
                        "scale-first-message-jvm-start");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row)
                    .containsKeys(JsonObjects.FIELDS.toArray(String[]::new))
                    .containsKeys("off_heap_limit", "jvm_options")
                    .containsEntry("payload_bytes", "64");
            assertThat(JsonObjects.number(row, "ns_each")).isPositive();
            assertThat(JsonObjects.number(row, "p99_us")).isGreaterThanOrEqualTo(JsonObjects.number(row, "p50_us"));
        });
    }

    @Test
    void shouldCountTheBytesBeyondThePayload() throws IOException {
        Path file = directory.resolve("figures.json");

        CommandRun run = scale("--parts waiting --payload 100 --json " + file);

        Map<String, String> sent = JsonObjects.in(file).get(0);
        double offHeap = JsonObjects.number(sent, "off_heap_bytes_each");
        assertThat(offHeap).isGreaterThan(100 + 64);
        assertThat(JsonObjects.number(sent, "overhead_bytes_each")).isEqualTo(offHeap - 100);
        assertThat(run.out()).contains("B beyond the payload of a waiting message, at most 128");
    }

    @Test
    void shouldSayWhatThePartsAreGiven() {
        CommandRun run = scale("--parts in-flight");

        assertThat(run.out())
                .contains(
                        "scale: in-flight: count=3,000 payload=256 offHeapLimit=", "-Xmx", "-XX:MaxDirectMemorySize=");
        assertThat(CommandRun.of("bench", "scale", "--help").out())
                .contains("waiting: count=10,000,000", "offHeapLimit=", "-Xmx", "-XX:MaxDirectMemorySize=");
    }

    @Test
    void shouldRefuseWhatTheMachineHasNoMemoryFor() {
        CommandRun run = CommandRun.of("bench", "scale", "--parts", "waiting", "--waiting", "1000000000");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("--waiting needs more memory than this machine has: --waiting=1000000000");
    }
}
