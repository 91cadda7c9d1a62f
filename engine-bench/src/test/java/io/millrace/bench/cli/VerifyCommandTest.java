package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Engine;
import io.millrace.api.DirectoryException;
import io.millrace.api.Durability;
import io.millrace.api.Message;
import io.millrace.api.queue.MessageQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of damage is named with its place; what an end without warning leaves behind is none. */
@Timeout(120)
class VerifyCommandTest {
    private static final int LENGTH = 65_536;

    @TempDir
    private Path temporary;

    private SampleDirectory sample;
    private String first;

    @BeforeEach
    void make() {
        sample = SampleDirectory.in(temporary);
        first = sample.first();
    }

    private static CommandRun verify(Path directory) {
        return CommandRun.of("verify", directory.toString());
    }

    private void assertDamaged(String... parts) {
        CommandRun run = verify(sample.path());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("damage: ")
                .endsWith("verify: DAMAGED\n")
                .contains(parts);
    }

    @Test
    void shouldFindNothingWhereNothingIsDamaged() {
        CommandRun run = verify(sample.path());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("verify: bytes=", " records=", " damages=0\n")
                .endsWith("verify: OK\n");
    }

    @Test
    void shouldFindNothingInADirectoryThatIsOpen() {
        try (Engine engine = Engine.open(sample.path(), Durability.PROCESS_CRASH)) {
            CommandRun run = verify(sample.path());

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains("snapshot").endsWith("verify: OK\n");
            assertThat(engine.catalog().exists("orders")).isTrue();
        }
    }

    @Test
    void shouldNameTheRangeOfARecordBelowAMark() throws IOException {
        int at = sample.recordOf(first, 10);
        int length = (sample.segment(first).getInt(at) + 7) & -8;
        sample.flip(first, at + 81);

        assertDamaged("damage: file=" + first + " from=" + at + " to=" + (at + length)
                + " problem=no sound record where one was committed");
    }

    @Test
    void shouldListWhatIsTornAboveAMarkAndFindNoDamage() throws IOException {
        String second = sample.second();
        int at = sample.recordOf(second, 44);
        sample.flip(second, at + 81);

        CommandRun run = verify(sample.path());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("torn: file=" + second + " from=" + at + " to=");
    }

    @Test
    void shouldNameTheWordThatTellsAnEnd() throws IOException {
        int at = sample.recordOf(first, 0);
        sample.flip(first, at + 58);

        assertDamaged("file=" + first + " from=" + (at + 56) + " to=" + (at + 64)
                + " problem=the word that tells the end is damaged");
    }

    @Test
    void shouldNameABrokenHeader() throws IOException {
        sample.flip(first, 33);

        assertDamaged("file=" + first + " from=0 to=64 problem=the checksum of the header differs");
    }

    @Test
    void shouldNameABrokenState() throws IOException {
        sample.flip(first, 3);

        assertDamaged("file=" + first + " from=0 to=64 problem=the state of the segment is damaged");
    }

    @Test
    void shouldNameABrokenMark() throws IOException {
        sample.flip(first, 50);

        assertDamaged("file=" + first + " from=48 to=56 problem=the mark is damaged");
    }

    @Test
    void shouldNameAMissingSegment() throws IOException {
        Files.delete(sample.file(first));

        assertDamaged("file=" + first + " from=0 to=0 problem=the file is missing");
    }

    @Test
    void shouldNameASegmentOfAnotherDirectory() throws IOException {
        Path other = Files.createDirectory(temporary.resolve("other"));
        SampleDirectory otherSample = SampleDirectory.in(other);
        Files.copy(otherSample.file(otherSample.first()), sample.file(first), StandardCopyOption.REPLACE_EXISTING);

        assertDamaged("file=" + first + " from=0 to=64 problem=the segment belongs to another directory or place");
    }

    @Test
    void shouldNameASegmentInThePlaceOfAnother() throws IOException {
        String second = sample.second();
        Files.write(sample.file(second), Files.readAllBytes(sample.file(first)));

        assertDamaged("file=" + second + " from=0 to=64 problem=the segment belongs to another directory or place");
    }

    @Test
    void shouldNameASegmentThatIsCut() throws IOException {
        byte[] bytes = Files.readAllBytes(sample.file(first));
        Files.write(sample.file(first), Arrays.copyOf(bytes, 5_000));

        assertDamaged(
                "file=" + first + " from=5000 to=5000 problem=length is not that of a segment: length=5000",
                "problem=the file has another length than the segment: segment=" + LENGTH);
    }

    @Test
    void shouldNameWhatIsWrongWithTheManifest() throws IOException {
        sample.flip("manifest", 60);

        assertDamaged("file=manifest from=0 to=0 problem=its checksum differs");
    }

    @Test
    void shouldNameAMissingManifest() throws IOException {
        Files.delete(sample.file("manifest"));

        assertDamaged("file=manifest from=0 to=0 problem=it is missing, but there are segments");
    }

    @Test
    void shouldNameASegmentWithLivingRecordsThatTheManifestDoesNotList() throws IOException {
        byte[] bytes = Files.readAllBytes(sample.file(first));
        ByteBuffer segment = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        segment.putInt(36, 0x55);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 8, 4);
        crc.update(bytes, 16, 32);
        crc.update(bytes, 56, 8);
        segment.putInt(12, (int) crc.getValue());
        Files.write(sample.file("segment-00000055"), bytes);

        assertDamaged("file=segment-00000055 from=0 to=65536 problem=the manifest does not list it");
    }

    @Test
    void shouldSayWhichFileTheNextOpeningRemoves() throws IOException {
        byte[] empty = Arrays.copyOf("MILLrace".getBytes(StandardCharsets.US_ASCII), 4096);
        Files.write(sample.file("segment-00000077"), empty);

        CommandRun run = verify(sample.path());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("the next opening removes it: file=segment-00000077");
    }

    /** Segments are written, used again, made and removed under its eyes. */
    @Test
    void shouldFindNoDamageWhileAnEngineWorks() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (Engine engine = Engine.open(temporary.resolve("busy"), Durability.PROCESS_CRASH)) {
            MessageQueue queue = engine.queue("busy");
            Message message = Message.bytes(new byte[50_000]);
            CompletableFuture<Void> worker = CompletableFuture.runAsync(() -> {
                while (!done.get()) {
                    for (int i = 0; i < 200; i++) {
                        queue.send(message);
                    }
                    queue.admin().purge();
                }
            });
            try {
                for (int i = 0; i < 40; i++) {
                    CommandRun run = verify(temporary.resolve("busy"));

                    assertThat(run.exitCode()).as(run.err()).isZero();
                }
            } finally {
                done.set(true);
                worker.join();
            }
        }
    }

    @Test
    void shouldNameAMessageWhoseQueueIsLostAboveAllMarks() throws IOException {
        Path fresh = temporary.resolve("fresh");
        try (Engine engine = Engine.open(fresh, Durability.PROCESS_CRASH)) {
            engine.queue("orders").send(SampleDirectory.order(1));
        }
        SampleDirectory unmarked = SampleDirectory.of(fresh, sample.inFlight());
        unmarked.unmark(unmarked.first());
        ByteBuffer segment = unmarked.segment(unmarked.first());
        for (int at : unmarked.records(unmarked.first())) {
            if (segment.get(at + 12) == 3) {
                unmarked.flip(unmarked.first(), at + 90);
            }
        }
        int at = unmarked.recordOf(unmarked.first(), 1);

        CommandRun run = verify(fresh);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("from=" + at + " to=", "problem=message of a queue of which nothing else is there");
        assertThat(isRefused(fresh)).isTrue();
    }

    /** Opening and verifying must never disagree, whichever byte is hit. */
    @Test
    void shouldSayOfEveryByteWhatOpeningSays() throws IOException {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        List<Integer> records = sample.records(first);
        int used = records.get(records.size() - 1);
        String second = sample.second();
        for (int i = 0; i < 160; i++) {
            SampleDirectory copy = sample.copy(temporary.resolve("copy" + i));
            int offset = i < 128 ? i / 2 : 64 + random.nextInt(used);
            copy.flip(i % 2 == 0 ? first : second, offset);

            boolean found = verify(copy.path()).exitCode() != 0;

            assertThat(found).as("seed=" + seed + " offset=" + offset).isEqualTo(isRefused(copy.path()));
        }
    }

    private static boolean isRefused(Path directory) {
        try (Engine engine = Engine.open(directory, Durability.PROCESS_CRASH)) {
            return !engine.catalog().exists("orders");
        } catch (DirectoryException e) {
            return true;
        }
    }
}
