package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Children with small heaps and few messages: that all of them do the whole job, not how fast. */
@Timeout(120)
class CompareBenchCommandTest {
    private static final List<String> PEERS = List.of(
            "LinkedBlockingQueue",
            "LinkedBlockingQueue+clone",
            "ConcurrentLinkedQueue",
            "ConcurrentLinkedQueue+clone",
            "MpmcArrayQueue+clone",
            "ManyToOneRingBuffer",
            "Disruptor");

    @TempDir
    private Path directory;

    private static CommandRun compare(String options) {
        return compareAt("memory", options);
    }

    private static CommandRun compareAt(String level, String options) {
        return CommandRun.of(("bench compare --warmups 1 --rounds 3 --messages 2000 --forced-messages 50 --window 256"
                        + " --heap-mib 160 --durability " + level + " " + options)
                .split(" "));
    }

    @Test
    void shouldRunEverybodyOnOneThreadAndOnTwo() throws IOException {
        Path file = directory.resolve("figures.json");

        CommandRun run = compare("--payload 40 --json " + file);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        List<Map<String, String>> rows = JsonObjects.in(file);
        assertThat(rows)
                .hasSize(2 * (PEERS.size() + 2))
                .allSatisfy(row -> assertThat(row)
                        .containsKeys(JsonObjects.FIELDS.toArray(String[]::new))
                        .containsEntry("payload_bytes", "40")
                        .containsEntry("durability", "memory")
                        .containsEntry("messages", "2000")
                        .containsEntry("window", "256"));
        assertThat(rows).extracting(row -> row.get("name")).contains("millrace-raw", "millrace-heap-cycle");
        assertThat(run.out()).contains("times as fast as", "round 3 of 3", "--add-opens");
    }

    @Test
    void shouldTellForEachOfOursHowItComparesWithEachPeer() throws IOException {
        Path file = directory.resolve("figures.json");

        compare("--cycle --json " + file);

        assertThat(JsonObjects.in(file)).allSatisfy(row -> {
            if (row.getOrDefault("name", "").startsWith("millrace")) {
                assertThat(PEERS)
                        .allSatisfy(peer -> assertThat(JsonObjects.number(row, "ratio_to." + peer + "-cycle"))
                                .isPositive());
            } else {
                assertThat(row).doesNotContainKey("ratio_to");
            }
        });
    }

    @Test
    void shouldComputeTheRatioOfASingleRoundFromItsRates() throws IOException {
        Path file = directory.resolve("figures.json");

        CommandRun run = CommandRun.of(
                "bench",
                "compare",
                "--warmups=0",
                "--rounds=1",
                "--messages=5000",
                "--heap-mib=160",
                "--window=256",
                "--cycle",
                "--durability=memory",
                "--only=millrace_raw,disruptor",
                "--json=" + file);

        assertThat(run.exitCode()).isZero();
        List<Map<String, String>> rows = JsonObjects.in(file);
        assertThat(rows).hasSize(2);
        double ratio = JsonObjects.number(rows.get(0), "messages_per_second")
                / JsonObjects.number(rows.get(1), "messages_per_second");
        assertThat(JsonObjects.number(rows.get(0), "ratio_to.Disruptor-cycle")).isCloseTo(ratio, within(0.01));
    }

    @Test
    void shouldLeaveOutPeersWithOneConsumerWhenThereAreMore() throws IOException {
        Path file = directory.resolve("figures.json");

        CommandRun run = compare("--producers 2 --consumers 2 --batch 7 --json " + file);

        assertThat(run.exitCode()).isZero();
        assertThat(JsonObjects.in(file))
                .hasSize(PEERS.size())
                .allSatisfy(
                        row -> assertThat(row).containsEntry("producers", "2").containsEntry("consumers", "2"))
                .extracting(row -> row.get("name"))
                .doesNotContain("ManyToOneRingBuffer", "Disruptor");
    }

    @Test
    void shouldSayWhenNobodyIsLeft() {
        CommandRun run = compare("--consumers 2 --only disruptor");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("--only names nobody that does this: --only=Disruptor threads=1P2C");
    }

    @Test
    void shouldRefuseHeapsThatTheMachineDoesNotHave() {
        CommandRun run = CommandRun.of("bench", "compare", "--heap-mib", "100000000");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("--heap-mib is too large for this machine: --heap-mib=100000000");
    }

    @Test
    void shouldRefuseAWindowThatDoesNotFitIntoTheHeap() {
        CommandRun run = CommandRun.of("bench", "compare", "--heap-mib", "128", "--window", "1048576");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("--heap-mib is too small for the window");
    }

    @Test
    void shouldCompareWithChronicleQueue() throws IOException {
        Path file = directory.resolve("figures.json");
        Path data = Files.createDirectory(directory.resolve("data"));

        CommandRun run = compareAt("process-crash", "--data " + data + " --json " + file);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        List<Map<String, String>> rows = JsonObjects.in(file);
        assertThat(rows)
                .extracting(row -> row.get("name"))
                .contains(
                        "millrace-raw-1P1C",
                        "millrace-raw+fresh-1P0C",
                        "ChronicleQueue-2P0C",
                        "ChronicleQueue+pretouched-1P1C")
                .hasSize(12);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row)
                    .containsKeys(JsonObjects.FIELDS.toArray(String[]::new))
                    .containsEntry("durability", "process-crash");
            assertThat(JsonObjects.number(row, "messages_per_second")).isPositive();
        });
        assertThat(run.out()).contains("times as fast as", "process crash, 2P0C");
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void shouldCompareWithOneForceForEachMessage() throws IOException {
        Path file = directory.resolve("figures.json");

        CommandRun run = compareAt("power-loss", "--data " + directory + " --json " + file);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        Map<String, Map<String, String>> rows = JsonObjects.in(file).stream()
                .collect(Collectors.toMap(row -> row.getOrDefault("name", ""), row -> row));
        assertThat(rows)
                .containsOnlyKeys(
                        "millrace-raw-64P0C",
                        "millrace-raw-1P0C",
                        "millrace-heap-1P0C-by-100",
                        "write+force-64P0C",
                        "write+force-1P0C",
                        "millrace-raw-0P1C",
                        "millrace-raw-0P1C-weak-acks");
        assertThat(JsonObjects.number(rows.getOrDefault("write+force-64P0C", Map.of()), "messages_per_force"))
                .isEqualTo(1);
        assertThat(JsonObjects.number(rows.getOrDefault("millrace-raw-64P0C", Map.of()), "messages_per_force"))
                .isGreaterThan(1);
        assertThat(JsonObjects.number(
                        rows.getOrDefault("millrace-heap-1P0C-by-100", Map.of()), "ratio_to.write+force-1P0C"))
                .isPositive();
    }

    @Test
    void shouldTakeTheThreadsThatItIsGiven() throws IOException {
        Path file = directory.resolve("figures.json");

        compareAt("power-loss", "--producers 3 --consumers 0 --json " + file);

        assertThat(JsonObjects.in(file))
                .extracting(row -> row.get("name"))
                .containsExactly("millrace-raw-3P0C", "write+force-3P0C");
    }

    @Test
    void shouldWriteAPageThatFetchesNothing() throws IOException {
        Path page = directory.resolve("page.html");

        CommandRun run = compare("--cycle --only millrace_raw,disruptor --html " + page);

        assertThat(run.exitCode()).isZero();
        String html = Files.readString(page);
        assertThat(html)
                .contains("memory, cycle", "\"Disruptor-cycle\"", "file system", "times as fast as", "window.Chart=")
                .doesNotContain(" src=", "<link", "@import");
    }

    @Test
    void shouldSayWhetherARateLasts() throws IOException {
        Path page = directory.resolve("page.html");

        CommandRun run =
                compare("--cycle --only millrace_raw --sustained 200ms --data " + directory + " --html " + page);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("first quarter", "of the disk", "the disk by itself")
                .containsPattern("millrace-raw-1P1C +0\\.\\d")
                .contains("ChronicleQueue-1P1C");
        assertThat(Files.readString(page)).contains("the disk by itself");
    }
}
