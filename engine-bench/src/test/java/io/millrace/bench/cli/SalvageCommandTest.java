package io.millrace.bench.cli;

import static io.millrace.bench.cli.SampleDirectory.contents;
import static io.millrace.bench.cli.SampleDirectory.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Engine;
import io.millrace.api.Durability;
import io.millrace.api.InvalidReceiptException;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.bench.cli.SampleDirectory.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is sound is in the copy, as it was; what is not is named. */
@Timeout(180)
class SalvageCommandTest {
    @TempDir
    private Path temporary;

    private SampleDirectory sample;
    private String first;
    private Map<String, Content> all;
    private Path target;

    @BeforeEach
    void make() {
        sample = SampleDirectory.in(temporary);
        first = sample.first();
        all = contents(sample.copy(temporary.resolve("before")).path());
        target = temporary.resolve("saved");
    }

    private CommandRun salvage() {
        CommandRun run = CommandRun.of("salvage", sample.path().toString(), target.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).endsWith("salvage: OK\n");
        assertThat(CommandRun.of("verify", target.toString()).err()).isEmpty();
        return run;
    }

    private List<String> lostTexts() {
        List<PeekedMessage> saved = messages(contents(target));
        List<PeekedMessage> before = messages(all);
        assertThat(before).containsAll(saved);
        return before.stream()
                .filter(message -> !saved.contains(message))
                .map(PeekedMessage::text)
                .toList();
    }

    @Test
    void shouldCopyEverythingOfASoundDirectory() throws IOException {
        String before = hash(sample.path());

        CommandRun run = salvage();

        assertThat(run.out()).contains("queues=2 messages=" + SampleDirectory.LIVING + " damages=0");
        assertThat(hash(sample.path())).isEqualTo(before);
        assertThat(contents(target)).isEqualTo(all);
    }

    private static String hash(Path directory) throws IOException {
        StringBuilder hash = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                hash.append(file.getFileName()).append(Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return hash.toString();
    }

    @Test
    void shouldKeepReceiptsAndNumbersAsTheyWere() {
        salvage();

        try (Engine engine = Engine.open(target, Durability.PROCESS_CRASH)) {
            assertThat(engine.queue("orders", config -> config).ack(sample.inFlight()))
                    .isTrue();
            assertThat(engine.queue("another").send("new")).isNotNull();
        }
    }

    @Test
    void shouldLeaveBehindADamagedRecordAlone() throws IOException {
        int at = sample.recordOf(first, 10);
        sample.flip(first, at + 85);

        CommandRun run = salvage();

        assertThat(run.out()).contains("damage: file=" + first + " from=" + at + " to=", "damages=1");
        assertThat(lostTexts()).containsExactly("order 10 of so many");
    }

    @Test
    void shouldBringBackAMessageWhoseEndIsDamaged() throws IOException {
        sample.flip(first, sample.recordOf(first, 2) + 58);

        CommandRun run = salvage();

        assertThat(run.out()).contains("the word that tells the end is damaged");
        assertThat(messages(contents(target)))
                .hasSize(SampleDirectory.LIVING + 1)
                .extracting(PeekedMessage::text)
                .contains("order 2 of so many");
    }

    @Test
    void shouldReadASegmentWhoseHeaderIsDamaged() throws IOException {
        for (int i = 0; i < 64; i++) {
            sample.flip(first, i);
        }

        CommandRun run = salvage();

        assertThat(run.out()).contains("file=" + first + " from=0 to=64");
        assertThat(contents(target)).isEqualTo(all);
    }

    @Test
    void shouldReadWhatIsLeftOfASegmentThatIsCut() throws IOException {
        int at = sample.recordOf(first, 20);
        Files.write(sample.file(first), Arrays.copyOf(Files.readAllBytes(sample.file(first)), at + 13));

        salvage();

        assertThat(lostTexts())
                .contains("order 20 of so many", "order 27 of so many")
                .doesNotContain("order 19 of so many", "order 44 of so many");
    }

    @Test
    void shouldGoOnWithoutASegment() throws IOException {
        String second = sample.second();
        Files.delete(sample.file(second));

        CommandRun run = salvage();

        assertThat(run.out()).contains("damage: file=" + second + " from=0 to=0 problem=the file is missing");
        assertThat(lostTexts())
                .containsExactlyInAnyOrder(
                        "order 40 of so many",
                        "order 41 of so many",
                        "order 42 of so many",
                        "order 43 of so many",
                        "order 44 of so many");
    }

    @Test
    void shouldMakeAManifestAndSayThatReceiptsAreLost() throws IOException {
        sample.flip("manifest", 60);

        CommandRun run = salvage();

        assertThat(run.out()).contains("damage: file=manifest", "receipts that were handed out are not valid");
        assertThat(contents(target)).isEqualTo(all);
        try (Engine engine = Engine.open(target, Durability.PROCESS_CRASH)) {
            assertThatThrownBy(() -> engine.queue("orders", config -> config).ack(sample.inFlight()))
                    .isInstanceOf(InvalidReceiptException.class);
            assertThat(engine.queue("another").send("new")).isNotNull();
        }
    }

    @Test
    void shouldGoOnWithoutAManifest() throws IOException {
        Files.delete(sample.file("manifest"));

        salvage();

        assertThat(contents(target)).isEqualTo(all);
    }

    @Test
    void shouldGiveAQueueTheStateBeforeTheOneThatIsLost() throws IOException {
        for (int at : livingStates()) {
            sample.flip(first, at + 90);
        }

        CommandRun run = salvage();

        assertThat(run.out()).contains("the last state of a queue is lost");
        assertThat(lostTexts()).isEmpty();
        Map<String, Content> saved = contents(target);
        assertThat(saved.keySet()).contains("orders");
    }

    /** Where states of queues are that nothing has ended, in whatever segment. */
    private List<Integer> livingStates() throws IOException {
        ByteBuffer segment = sample.segment(first);
        return sample.records(first).stream()
                .filter(at -> segment.get(at + 12) == 3 && segment.getLong(at + 56) == 0)
                .toList();
    }

    @Test
    void shouldGiveAQueueANameWhoseOwnIsLost() throws IOException {
        for (String name : new String[] {first, sample.second()}) {
            ByteBuffer segment = sample.segment(name);
            for (int at : sample.records(name)) {
                if (segment.get(at + 12) == 3) {
                    sample.flip(name, at + 90);
                }
            }
        }

        CommandRun run = salvage();

        assertThat(run.out())
                .contains("the name and configuration of a queue are lost: queue=salvaged-2 messages=30")
                .contains("queue=salvaged-1 messages=1");
        assertThat(messages(contents(target)))
                .extracting(PeekedMessage::text)
                .containsExactlyInAnyOrderElementsOf(
                        messages(all).stream().map(PeekedMessage::text).toList());
    }

    @Test
    void shouldLeaveBehindWhatADeletedQueueLeft() throws IOException {
        ByteBuffer segment = sample.segment(first);
        int deletion = -1;
        try (Engine engine = Engine.open(sample.path(), Durability.PROCESS_CRASH)) {
            engine.catalog().delete("dead");
        }
        for (int at : sample.records(first)) {
            long end = sample.segment(first).getLong(at + 56);
            if (segment.getLong(at + 32) == 1 && segment.get(at + 12) == 2 && end != 0) {
                deletion = at;
            }
        }
        assertThat(deletion).isPositive();
        byte[] bytes = Files.readAllBytes(sample.file(first));
        Arrays.fill(bytes, deletion + 56, deletion + 64, (byte) 0); // as if its purge had not come so far
        Files.write(sample.file(first), bytes);

        CommandRun run = salvage();

        assertThat(run.out()).contains("messages of a queue that was deleted are left behind: number=1 messages=1");
        assertThat(contents(target).keySet()).containsExactly("orders");
    }

    @Test
    void shouldRefuseADirectoryThatIsOpen() {
        try (Engine engine = Engine.open(sample.path(), Durability.PROCESS_CRASH)) {
            CommandRun run = CommandRun.of("salvage", sample.path().toString(), target.toString());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).startsWith("millrace salvage: FAILED: directory is open in this process already");
            assertThat(target).doesNotExist();
            assertThat(engine.catalog().exists("orders")).isTrue();
        }
    }

    @Test
    void shouldRefuseATargetThatExists() throws IOException {
        Files.createDirectory(target);

        CommandRun run = CommandRun.of("salvage", sample.path().toString(), target.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("TARGET must not exist: TARGET=" + target);
    }

    @Test
    void shouldRefuseATargetWithinTheDirectory() {
        CommandRun run = CommandRun.of(
                "salvage",
                sample.path().toString(),
                sample.path().resolve("saved").toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("TARGET must not be within DIR: TARGET=");
    }

    /** Whatever byte is hit: the copy opens, and what is in it was there before, byte for byte. */
    @Test
    void shouldSaveWhatItCanWhateverIsHit() throws IOException {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        List<Integer> records = sample.records(first);
        int used = records.get(records.size() - 1);
        List<PeekedMessage> before = messages(all);
        for (int i = 0; i < 40; i++) {
            SampleDirectory copy = sample.copy(temporary.resolve("copy" + i));
            Path saved = temporary.resolve("saved" + i);
            int hits = 1 + random.nextInt(8);
            for (int hit = 0; hit < hits; hit++) {
                copy.flip(first, random.nextInt(used));
            }

            CommandRun run = CommandRun.of("salvage", copy.path().toString(), saved.toString());

            assertThat(run.exitCode())
                    .as("seed=" + seed + " round=" + i + run.err())
                    .isZero();
            List<byte[]> found =
                    messages(contents(saved)).stream().map(PeekedMessage::bytes).toList();
            assertThat(found.size())
                    .as("seed=" + seed + " round=" + i)
                    .isGreaterThanOrEqualTo(before.size() - hits - 5);
            for (byte[] bytes : found) {
                assertThat(new String(bytes, StandardCharsets.UTF_8))
                        .as("seed=" + seed + " round=" + i)
                        .matches("order ([0-9]|1[0-9]|2[0-9]|4[0-4]) of so many");
            }
        }
    }
}
