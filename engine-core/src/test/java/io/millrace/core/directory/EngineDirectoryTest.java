package io.millrace.core.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.DirectoryDamagedException;
import io.millrace.api.DirectoryException;
import io.millrace.api.DirectoryInUseException;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.NotEngineDirectoryException;
import io.millrace.core.file.FailingHook;
import io.millrace.core.file.FileHook;
import io.millrace.core.file.SegmentFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EngineDirectoryTest extends DirectoryFixture {
    @Nested
    class Life {
        @Test
        void shouldBeginWithAnEmptyManifest() throws IOException {
            EngineDirectory directory = open();

            assertThat(directory.path()).isEqualTo(data().toRealPath());
            assertThat(directory.isNew()).isTrue();
            assertThat(directory.wasClean()).isTrue();
            assertThat(directory.isSameBoot()).isFalse();
            assertThat(directory.previousDurability()).isEmpty();
            assertThat(directory.incarnation()).isEqualTo(1);
            assertThat(directory.segments()).isEqualTo(SegmentSet.EMPTY);
            assertThat(directory.strangers()).isEqualTo(SegmentSet.EMPTY);
            assertThat(directory.persistedTimeMs()).isZero();
            assertThat(directory.nextQueueNumber()).isEqualTo(1);
            assertThat(content(data()).keySet()).containsExactly("lock", "manifest");
        }

        @Test
        void shouldKeepWhatItIs() throws IOException {
            EngineDirectory first = open(Durability.POWER_LOSS, FileHook.NONE);
            add(first);
            first.noteTimeMs(500);
            first.closeClean(1_000);

            EngineDirectory second = open();

            assertThat(second.isNew()).isFalse();
            assertThat(second.wasClean()).isTrue();
            assertThat(second.directoryId()).isEqualTo(first.directoryId()).isNotZero();
            assertThat(second.receiptKey()).isEqualTo(first.receiptKey());
            assertThat(second.incarnation()).isEqualTo(2);
            assertThat(second.previousDurability()).contains(Durability.POWER_LOSS);
            assertThat(second.durability()).isEqualTo(Durability.PROCESS_CRASH);
            assertThat(second.segments()).hasToString("0");
            assertThat(second.persistedTimeMs()).isEqualTo(1_000);
        }

        @Test
        void shouldDifferFromEveryOther() {
            EngineDirectory one = open();
            EngineDirectory other =
                    open(temporary.resolve("other"), Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE);

            assertThat(one.directoryId()).isNotEqualTo(other.directoryId());
            assertThat(one.receiptKey()).isNotEqualTo(other.receiptKey());
        }

        @Test
        void shouldNotBeCleanWhenItWasJustGivenBack() throws IOException {
            made();
            open().close();

            EngineDirectory third = open();

            assertThat(third.wasClean()).isFalse();
            assertThat(third.incarnation()).isEqualTo(3);
            assertThat(third.persistedTimeMs()).isEqualTo(1_000);
        }

        @Test
        void shouldNeverLetTimeGoBack() throws IOException {
            made();
            EngineDirectory second = open();
            second.noteTimeMs(5);
            second.closeClean(6);

            assertThat(open().persistedTimeMs()).isEqualTo(1_000);
        }

        @Test
        void shouldNeverGiveAQueueNumberTwice() throws IOException {
            Set<Long> given = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                EngineDirectory directory = open();
                for (int n = 0; n < EngineDirectory.QUEUE_NUMBER_BLOCK + 5; n++) {
                    assertThat(given.add(directory.nextQueueNumber())).isTrue();
                }
                directory.close();
            }
            assertThat(given).doesNotContain(0L);
        }

        @Test
        void shouldWriteOncePerBlockOfQueueNumbers() throws IOException {
            FailingHook hook = FailingHook.never();
            EngineDirectory directory = open(Durability.PROCESS_CRASH, hook);
            long before = hook.changes().stream()
                    .filter("RENAME manifest.tmp"::equals)
                    .count();
            for (int n = 0; n < 2 * EngineDirectory.QUEUE_NUMBER_BLOCK; n++) {
                assertThat(directory.nextQueueNumber()).isEqualTo(n + 1);
            }

            assertThat(hook.changes().stream()
                            .filter("RENAME manifest.tmp"::equals)
                            .count())
                    .isEqualTo(before + 2);
        }

        @Test
        void shouldKnowWhetherTheMachineWasStartedSince() {
            open(EngineConfig.defaults(), Elsewhere.startedAs("aaaa")).close();
            EngineDirectory same = open(EngineConfig.defaults(), Elsewhere.startedAs("aaaa"));
            same.close();
            EngineDirectory later = open(EngineConfig.defaults(), Elsewhere.startedAs("bbbb"));
            later.recovered();
            later.close();
            EngineDirectory unknownLater = open(EngineConfig.defaults(), Elsewhere.startedAs(Manifest.UNKNOWN_BOOT));
            unknownLater.recovered();
            unknownLater.close();
            EngineDirectory unknown = open(EngineConfig.defaults(), Elsewhere.startedAs(Manifest.UNKNOWN_BOOT));

            assertThat(same.isSameBoot()).isTrue();
            assertThat(later.isSameBoot()).isFalse();
            assertThat(unknown.isSameBoot()).isFalse();
        }

        @Test
        void shouldTellWhetherThereIsRoom() throws IOException {
            EngineDirectory directory = open();

            directory.requireRoom(1);
            assertThatThrownBy(() -> directory.requireRoom(Long.MAX_VALUE))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("needed=" + Long.MAX_VALUE);
        }

        @Test
        void shouldClaimNoMoreThanBeforeUntilAllIsKnown() {
            EngineDirectory first =
                    open(Durability.PROCESS_CRASH, EngineConfig.defaults(), Elsewhere.startedAs("aaaa"));
            first.recovered();
            first.close();

            open(Durability.POWER_LOSS, EngineConfig.defaults(), Elsewhere.startedAs("bbbb"))
                    .close(); // cut off before all was known
            EngineDirectory second = open(Durability.POWER_LOSS, EngineConfig.defaults(), Elsewhere.startedAs("bbbb"));
            assertThat(second.doMarksCount()).isFalse();
            second.recovered();
            second.close();

            EngineDirectory third =
                    open(Durability.PROCESS_CRASH, EngineConfig.defaults(), Elsewhere.startedAs("cccc"));
            assertThat(third.doMarksCount()).isTrue();
            third.close(); // may have written marks that it never forced

            assertThat(open(Durability.POWER_LOSS, EngineConfig.defaults(), Elsewhere.startedAs("cccc"))
                            .doMarksCount())
                    .isFalse();
        }

        @Test
        void shouldOpenAfterItWasMoved() throws IOException {
            Path moved = Files.move(made(), temporary.resolve("moved"));

            EngineDirectory directory = open(moved, Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE);

            assertThat(directory.segments()).hasToString("0");
            assertThat(directory.wasClean()).isTrue();
        }

        @Test
        void shouldOpenAsACopyBesideTheOriginal() throws IOException {
            Path copy = Files.createDirectory(temporary.resolve("copy"));
            for (String name : content(made()).keySet()) {
                Files.copy(data().resolve(name), copy.resolve(name));
            }

            EngineDirectory directory = open(copy, Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE);

            assertThat(directory.directoryId()).isEqualTo(open().directoryId());
            assertThat(directory.segments()).hasToString("0");
        }

        @Test
        void shouldOpenThroughASymbolicLinkToIt() throws IOException {
            Path link = Files.createSymbolicLink(temporary.resolve("link"), made());

            EngineDirectory directory = open(link, Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE);

            assertThat(directory.path()).isEqualTo(data().toRealPath());
        }

        @Test
        void shouldOpenOnTheRootOfAFileSystemOfItsOwn() throws IOException {
            Files.createDirectories(data().resolve("lost+found"));

            assertThat(open().isNew()).isTrue();
        }

        @Test
        void shouldOpenForAnInterruptedThread() throws IOException {
            Thread.currentThread().interrupt();
            try {
                EngineDirectory directory = open(Durability.POWER_LOSS, FileHook.NONE);
                add(directory);
                directory.closeClean(0);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(open().segments()).hasToString("0");
        }

        @Test
        void shouldRefuseUseAfterClose() throws IOException {
            EngineDirectory directory = open();
            directory.closeClean(0);
            directory.closeClean(0);
            directory.close();

            assertThatThrownBy(() -> directory.addSegment(0)).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void shouldRefuseMemoryAsALevel() {
            assertThatThrownBy(() -> open(Durability.MEMORY, FileHook.NONE))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(data()).doesNotExist();
        }
    }

    @Nested
    class Segments {
        @Test
        void shouldCountWhenTheyWereAdded() throws IOException {
            EngineDirectory first = open();
            for (int i = 0; i < 5; i++) {
                assertThat(add(first)).isEqualTo(i);
            }
            first.dropSegments(List.of(2));
            first.removeStranger(2);
            first.close();

            EngineDirectory second = open();

            assertThat(second.segments()).hasToString("0-1,3-4");
            assertThat(second.strangers()).isEqualTo(SegmentSet.EMPTY);
            assertThat(data().resolve("segment-00000002")).doesNotExist();
            assertThat(second.takeIndex()).isEqualTo(2);
            assertThat(second.takeIndex()).isEqualTo(5);
            second.giveIndexBack(2);
            assertThat(second.takeIndex()).isEqualTo(2);
        }

        @Test
        void shouldOpenWithWhatWasStored() throws IOException {
            EngineDirectory first = open();
            int index = first.takeIndex();
            try (SegmentFile segment = first.prepareSegment(index, LENGTH, HEADER)) {
                first.addSegment(index);
                segment.region().longRelease(64, 42);
            }
            first.close();

            try (SegmentFile segment = open().openSegment(index)) {
                assertThat(segment.length()).isEqualTo(LENGTH);
                assertThat(segment.region().longAcquire(64)).isEqualTo(42);
            }
        }

        @Test
        void shouldBeStrangersUntilTheyWereAdded() throws IOException {
            EngineDirectory first = open();
            add(first);
            first.prepareSegment(first.takeIndex(), LENGTH, HEADER).close();
            first.close();

            EngineDirectory second = open();

            assertThat(second.strangers()).hasToString("1");
            assertThat(second.takeIndex()).isEqualTo(2);
            second.removeStranger(1);
            assertThat(second.takeIndex()).isEqualTo(1);
            assertThat(data().resolve("segment-00000001")).doesNotExist();
            assertThatThrownBy(() -> second.removeStranger(0)).isInstanceOf(IllegalArgumentException.class);
            assertThat(data().resolve("segment-00000000")).exists();
        }

        @Test
        void shouldBeForcedAtPowerLossOnly() throws IOException {
            FailingHook crash = FailingHook.never();
            FailingHook power = FailingHook.never();
            try (EngineDirectory directory = open(Durability.PROCESS_CRASH, crash)) {
                assertForces(crash, 2);
                add(directory);
                assertForces(crash, 2);
            }
            try (EngineDirectory directory = open(Durability.POWER_LOSS, power)) {
                assertForces(power, 2);
                add(directory);
                assertForces(power, 6);
            }
            assertThat(power.changes()).endsWith("FORCE manifest.tmp", "RENAME manifest.tmp", "FORCE_DIRECTORY data");
        }

        private void assertForces(FailingHook hook, int count) {
            assertThat(hook.changes().stream().filter(call -> call.startsWith("FORCE")))
                    .hasSize(count);
        }

        @Test
        void shouldForceThePlaceOfANewDirectoryAtPowerLoss() {
            FailingHook hook = FailingHook.never();
            open(Durability.POWER_LOSS, hook);

            assertThat(hook.changes()).startsWith("CREATE data", "FORCE_DIRECTORY " + temporary.getFileName());
        }

        @Test
        void shouldRaiseTheIncarnationBeforeAnythingElseIsWritten() throws IOException {
            made();
            FailingHook hook = FailingHook.never();
            open(Durability.PROCESS_CRASH, hook);

            assertThat(hook.changes().stream().filter(call -> !call.contains("owner.new")))
                    .containsExactly(
                            "LOCK lock",
                            "WRITE lock",
                            "CREATE manifest.tmp",
                            "OPEN manifest.tmp",
                            "WRITE manifest.tmp",
                            "FORCE manifest.tmp",
                            "RENAME manifest.tmp",
                            "FORCE_DIRECTORY data");
        }

        @Test
        void shouldLoseWhatWasLeftHalfWritten() throws IOException {
            made();
            for (String name : List.of("manifest.tmp", "segment-00000001.new", "segment-00000000.new", "owner.new")) {
                Files.write(data().resolve(name), CANARY);
            }
            Files.write(data().resolve("report.new"), CANARY);

            open();

            assertThat(content(data()).keySet()).containsExactly("lock", "manifest", "report.new", "segment-00000000");
        }

        @Test
        void shouldBeTakenOnceByManyThreads() throws Exception {
            EngineDirectory directory = open();
            Set<Object> taken = ConcurrentHashMap.newKeySet();
            CountDownLatch start = new CountDownLatch(1);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<?>> all = IntStream.range(0, 4)
                        .<Future<?>>mapToObj(i -> threads.submit(() -> {
                            start.await();
                            for (int n = 0; n < 50; n++) {
                                int index = directory.takeIndex();
                                assertThat(taken.add(index)).isTrue();
                                directory.addSegment(index);
                                assertThat(taken.add(directory.nextQueueNumber()))
                                        .isTrue();
                            }
                            return null;
                        }))
                        .toList();
                start.countDown();
                for (Future<?> one : all) {
                    one.get();
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(directory.segments()).hasToString("0-199");
        }
    }

    @Nested
    class Inspected {
        @Test
        void shouldShowWhatIsThereWhileItIsOpen() throws IOException {
            EngineDirectory directory = open();
            add(directory);
            directory.prepareSegment(directory.takeIndex(), 2 * LENGTH, HEADER).close();
            Map<String, String> before = content(data());

            DirectoryInspection inspection = EngineDirectory.inspect(data());

            assertThat(inspection.directory()).isEqualTo(directory.path());
            assertThat(inspection.problem()).isEmpty();
            assertThat(inspection.manifest().orElseThrow().segments()).hasToString("0");
            assertThat(inspection.missing()).isEqualTo(-1);
            assertThat(inspection.segments())
                    .map(SegmentFile::name)
                    .containsExactly("segment-00000000", "segment-00000001");
            assertThat(inspection.segments()).map(SegmentFile::length).containsExactly(4096L, 8192L);
            byte[] head = new byte[4];
            assertThat(inspection.segments().get(0).read(0, head, 0, 4)).isEqualTo(4);
            assertThat(head).isEqualTo(HEADER);
            assertThat(content(data())).isEqualTo(before);
            assertRefused(DirectoryInUseException.class);
        }

        @Test
        void shouldNotGiveTheLockAway() throws IOException {
            try (DirectoryHolder holder = DirectoryHolder.start(data(), ":")) {
                assertThat(EngineDirectory.inspect(data()).manifest()).isPresent();
                assertRefused(DirectoryInUseException.class).hasMessageContaining("pid=" + holder.pid());
            }
        }

        @Test
        void shouldGoOnWithoutAManifest() throws IOException {
            Files.write(made().resolve("manifest"), CANARY);

            DirectoryInspection damaged = EngineDirectory.inspect(data());
            Files.delete(data().resolve("manifest"));
            DirectoryInspection without = EngineDirectory.inspect(data());

            assertThat(damaged.manifest()).isEmpty();
            assertThat(damaged.problem()).get().isInstanceOf(DirectoryDamagedException.class);
            assertThat(damaged.segments()).hasSize(1);
            assertThat(without.problem()).get().isInstanceOf(DirectoryDamagedException.class);
            assertThat(without.segments()).hasSize(1);
        }

        @Test
        void shouldNameTheFirstMissingSegment() throws IOException {
            Files.delete(made().resolve("segment-00000000"));

            assertThat(EngineDirectory.inspect(data()).missing()).isZero();
        }

        @Test
        void shouldRefuseWhatIsNoDirectoryOfAnEngine() throws IOException {
            assertThatThrownBy(() -> EngineDirectory.inspect(data())).isInstanceOf(NotEngineDirectoryException.class);
            Files.createDirectory(data());
            assertThatThrownBy(() -> EngineDirectory.inspect(data())).isInstanceOf(NotEngineDirectoryException.class);
            Files.write(data().resolve("a"), CANARY);
            assertThatThrownBy(() -> EngineDirectory.inspect(data())).isInstanceOf(NotEngineDirectoryException.class);
            assertThatThrownBy(() -> EngineDirectory.inspect(data().resolve("a")))
                    .isInstanceOf(NotEngineDirectoryException.class);
            assertThat(content(data()).keySet()).containsExactly("a");
        }

        @Test
        void shouldNotFollowASymbolicLink() throws IOException {
            Path canary = Files.write(temporary.resolve("canary"), CANARY);
            Files.createSymbolicLink(made().resolve("segment-00000001"), canary);

            assertThatThrownBy(() -> EngineDirectory.inspect(data())).isInstanceOf(DirectoryException.class);
        }
    }
}
