package io.millrace.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.api.UnsafeDirectoryException;
import io.millrace.core.memory.Region;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentFileTest {
    private static final int LENGTH = 1 << 16;
    private static final byte[] HEADER = "header".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OLD = "old".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEW = "new content".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;

    private SegmentFile prepare(String name) throws IOException {
        return SegmentFile.prepare(directory, name, LENGTH, HEADER, true, FileHook.NONE);
    }

    private List<String> names() throws IOException {
        return SegmentFile.list(directory, FileHook.NONE);
    }

    /** How often a file of the directory is mapped in this process. */
    private long mappings() throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains(directory.toString())).count();
        }
    }

    private long descriptors() throws IOException {
        long open = 0;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    open += Files.readSymbolicLink(descriptor).startsWith(directory) ? 1 : 0;
                } catch (NoSuchFileException e) {
                    // that of the listing itself
                }
            }
        }
        return open;
    }

    @Nested
    class Segments {
        @Test
        void shouldStartWithTheHeaderAndGoOnWithZeros() throws IOException {
            try (SegmentFile file = prepare("a")) {
                byte[] expected = Arrays.copyOf(HEADER, LENGTH);
                byte[] mapped = new byte[LENGTH];
                file.region().copyOut(0, mapped, 0, LENGTH);

                assertThat(file.length()).isEqualTo(LENGTH);
                assertThat(mapped).isEqualTo(expected);
                assertThat(directory.resolve("a")).hasBinaryContent(expected);
                assertThat(names()).containsExactly("a");
            }
        }

        @Test
        void shouldBeTheirOwnersAlone() throws IOException {
            prepare("a").close();

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("a"))))
                    .isEqualTo("rw-------");
        }

        @Test
        void shouldKeepWhatWasStoredAfterTheyWereUnmapped() throws IOException {
            try (SegmentFile file = prepare("a")) {
                file.region().longRelease(4096, 42);
                file.force(4000, 200);
            }

            try (SegmentFile file = SegmentFile.open(directory, "a", FileHook.NONE)) {
                assertThat(file.region().length()).isEqualTo(LENGTH);
                assertThat(file.region().longAcquire(4096)).isEqualTo(42);
            }
        }

        @Test
        void shouldChangeNothingWhenHolesAreFilled() throws IOException {
            try (SegmentFile file = prepare("a")) {
                file.region().longRelease(4096, 42);
                byte[] before = Files.readAllBytes(directory.resolve("a"));

                SegmentFile.fillHoles(directory, "a", FileHook.NONE);

                assertThat(directory.resolve("a")).hasBinaryContent(before);
            }
        }

        @Test
        void shouldWriteWhatIsBlankAndNothingElse() throws IOException {
            Path path = directory.resolve("sparse");
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(100 * 4096);
                for (int page : new int[] {0, 3, 64, 99}) {
                    file.seek(page * 4096L + 77);
                    file.write(1);
                }
            }
            byte[] before = Files.readAllBytes(path);
            List<String> written = new ArrayList<>();

            SegmentFile.fillHoles(directory, "sparse", new FileHook() {
                @Override
                public void before(Operation operation, String name) {}

                @Override
                public void after(Operation operation, String name, long offset, long length) {
                    if (operation == Operation.WRITE) {
                        written.add(offset / 4096 + "+" + length / 4096);
                    }
                }
            });

            assertThat(written).containsExactly("1+2", "4+60", "65+34");
            assertThat(path).hasBinaryContent(before);
        }

        @Test
        void shouldLeaveNeitherDescriptorsNorMappingsBehind() throws IOException {
            SegmentFile file = prepare("a");
            assertThat(mappings()).isEqualTo(1);
            assertThat(descriptors()).isZero();

            file.close();
            file.close();

            assertThat(mappings()).isZero();
            assertThatThrownBy(file::region).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void shouldBeReadPastTheirMapping() throws IOException {
            try (SegmentFile mapped = prepare("a")) {
                mapped.region().copyIn(LENGTH - 4, NEW, 0, 4);
                SegmentFile file = SegmentFile.toRead(directory, "a", FileHook.NONE);
                byte[] read = new byte[20];

                assertThat(file.read(0, read, 0, 6)).isEqualTo(6);
                assertThat(file.read(LENGTH - 4, read, 6, 14)).isEqualTo(4);
                assertThat(file.read(LENGTH, read, 0, 20)).isZero();
                assertThat(new String(read, 0, 10, StandardCharsets.US_ASCII)).isEqualTo("headernew ");
                assertThat(file.isMapped()).isFalse();
                assertThat(file.length()).isEqualTo(LENGTH);
            }
        }

        @Test
        void shouldGoWhenDeleted() throws IOException {
            SegmentFile file = prepare("a");

            file.delete();

            assertThat(names()).isEmpty();
            assertThat(mappings()).isZero();
        }

        @Test
        void shouldNotTakeThePlaceOfAnotherFile() throws IOException {
            Files.write(directory.resolve("a"), OLD);

            assertThatThrownBy(() -> prepare("a")).isInstanceOf(FileAlreadyExistsException.class);

            assertThat(directory.resolve("a")).hasBinaryContent(OLD);
        }

        @Test
        void shouldTakeThePlaceOfWhatAnEarlierAttemptLeft() throws IOException {
            Files.write(directory.resolve("a.new"), OLD);

            prepare("a").close();

            assertThat(names()).containsExactly("a");
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1})
        void shouldNotBeMappedWithoutBytesOrWithTooMany(int length) throws Exception {
            try (java.io.RandomAccessFile file =
                    new java.io.RandomAccessFile(directory.resolve("a").toFile(), "rw")) {
                file.setLength(length == 0 ? 0 : 1L << 31);
            }

            assertThatThrownBy(() -> SegmentFile.open(directory, "a", FileHook.NONE))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("file cannot be mapped: file=a length=");
        }

        @Test
        void shouldAnnounceEveryCall() throws IOException {
            FailingHook hook = FailingHook.never();
            SegmentFile file = SegmentFile.prepare(directory, "a", LENGTH, HEADER, true, hook);
            file.force(0, 10);
            file.delete();

            assertThat(hook.changes())
                    .containsExactly(
                            "CREATE a.new",
                            "OPEN a.new",
                            "WRITE a.new",
                            "WRITE a.new",
                            "FORCE a.new",
                            "MAP a.new",
                            "MAP a.new",
                            "RENAME a.new",
                            "FORCE a",
                            "DELETE a");
        }

        @Test
        void shouldSayWhichRangeWasForced() throws IOException {
            StringBuilder ranges = new StringBuilder();
            FileHook hook = new FileHook() {
                @Override
                public void before(Operation operation, String file) {}

                @Override
                public void after(Operation operation, String file, long offset, long length) {
                    if (operation == Operation.FORCE) {
                        ranges.append(file)
                                .append(' ')
                                .append(offset)
                                .append('+')
                                .append(length);
                    }
                }
            };
            try (SegmentFile file = SegmentFile.prepare(directory, "a", LENGTH, HEADER, false, hook)) {
                file.force(4096, 100);
            }

            assertThat(ranges).hasToString("a 4096+100");
        }
    }

    @Nested
    class WhenCallsFail {
        @Test
        void shouldLeaveNothingOfASegmentWhicheverCallFailsOnce() throws IOException {
            int calls = 0;
            for (int n = 1; calls == 0; n++) {
                FailingHook hook = new FailingHook(n, false, "no");
                Throwable thrown = catchPrepare(hook);

                if (hook.hasFailed()) {
                    assertThat(thrown).as("call " + n).isInstanceOf(IOException.class);
                    assertThat(thrown).isNotInstanceOf(ForceFailedException.class);
                    assertThat(names()).as("call " + n).isEmpty();
                } else {
                    calls = n - 1;
                }
                assertThat(mappings()).isZero();
                assertThat(descriptors()).isZero();
            }

            assertThat(calls).isGreaterThan(10);
            assertThat(names()).containsExactly("a");
        }

        private Throwable catchPrepare(FileHook hook) {
            return catchThrowable(() -> SegmentFile.prepare(directory, "a", LENGTH, HEADER, true, hook)
                    .close());
        }

        @Test
        void shouldGoOnAfterAllCallsHaveFailedForAWhile() throws IOException {
            int calls = 0;
            for (int n = 1; calls == 0; n++) {
                if (catchPrepare(new FailingHook(n, true, "no")) == null) {
                    calls = n - 1;
                } else {
                    assertThat(names()).doesNotContain("a");
                }
            }

            assertThat(calls).isGreaterThan(10);
            assertThat(names()).containsExactly("a");
        }

        @Test
        void shouldHaveOldBytesOrNewOnesWhicheverCallOfAReplacementFails() throws IOException {
            boolean hasFailed = true;
            for (int n = 1; hasFailed; n++) {
                Files.write(directory.resolve("m"), OLD);
                FailingHook hook = new FailingHook(n, false, "no");

                Throwable thrown = catchThrowable(() -> SegmentFile.replace(directory, "m", NEW, true, hook));

                hasFailed = hook.hasFailed();
                boolean isNew = hook.changes().contains("FORCE_DIRECTORY " + directory.getFileName());
                assertThat(names()).as("call " + n).containsExactly("m");
                assertThat(directory.resolve("m")).hasBinaryContent(isNew ? NEW : OLD);
                String failing = hasFailed ? hook.calls().get(n - 1) : "none";
                assertThat(thrown instanceof ForceFailedException).as(failing).isEqualTo(failing.startsWith("FORCE"));
                assertThat(thrown == null).isEqualTo(!hasFailed);
            }
        }

        @Test
        void shouldCallAFailedForceFinal() throws IOException {
            FileHook hook = (operation, name) -> {
                if (operation == FileHook.Operation.FORCE) {
                    throw new IOException("Input/output error");
                }
            };
            try (SegmentFile file = SegmentFile.prepare(directory, "a", LENGTH, HEADER, false, hook)) {
                assertThatThrownBy(() -> file.force(0, 8))
                        .isInstanceOf(ForceFailedException.class)
                        .hasMessage("force failed: file=a error=Input/output error");
            }
        }
    }

    @Nested
    class SmallFiles {
        @Test
        void shouldBeReplacedAndReadBack() throws IOException {
            SegmentFile.replace(directory, "m", OLD, false, FileHook.NONE);
            SegmentFile.replace(directory, "m", NEW, true, FileHook.NONE);

            assertThat(SegmentFile.readAll(directory, "m", 100, FileHook.NONE)).isEqualTo(NEW);
            assertThat(SegmentFile.readAll(directory, "m", 3, FileHook.NONE)).hasSize(4);
            assertThat(names()).containsExactly("m");
        }

        @Test
        void shouldReplaceInThisOrder() throws IOException {
            FailingHook hook = FailingHook.never();

            SegmentFile.replace(directory, "m", NEW, true, hook);

            assertThat(hook.changes())
                    .containsExactly(
                            "CREATE m.tmp",
                            "OPEN m.tmp",
                            "WRITE m.tmp",
                            "FORCE m.tmp",
                            "RENAME m.tmp",
                            "FORCE_DIRECTORY " + directory.getFileName());
        }

        @Test
        void shouldBeReadableWhileTheyAreReplaced() throws Exception {
            SegmentFile.replace(directory, "m", NEW, false, FileHook.NONE);
            AtomicBoolean done = new AtomicBoolean();
            Thread writer = new Thread(() -> {
                while (!done.get()) {
                    try {
                        SegmentFile.replace(directory, "m", NEW, false, FileHook.NONE);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            });
            writer.start();
            try {
                for (int i = 0; i < 2_000; i++) {
                    assertThat(SegmentFile.readAll(directory, "m", 100, FileHook.NONE))
                            .isEqualTo(NEW);
                }
            } finally {
                done.set(true);
                writer.join();
            }
        }
    }

    @Nested
    class Planted {
        @TempDir
        private Path elsewhere;

        private Path canary() throws IOException {
            return Files.write(elsewhere.resolve("canary"), OLD);
        }

        private void requireUntouched() throws IOException {
            assertThat(elsewhere.resolve("canary")).hasBinaryContent(OLD);
            assertThat(SegmentFile.list(elsewhere, FileHook.NONE)).containsExactly("canary");
        }

        @ParameterizedTest
        @ValueSource(strings = {"a", "a.new"})
        void shouldNotPrepareThroughASymbolicLink(String name) throws IOException {
            Files.createSymbolicLink(directory.resolve(name), canary());

            assertThatThrownBy(() -> prepare("a"))
                    .isInstanceOfAny(UnsafeDirectoryException.class, FileAlreadyExistsException.class);
            requireUntouched();
        }

        @ParameterizedTest
        @ValueSource(strings = {"a", "a.new"})
        void shouldNotPrepareThroughALinkThatLeadsNowhere(String name) throws IOException {
            canary();
            Files.createSymbolicLink(directory.resolve(name), elsewhere.resolve("new"));

            assertThatThrownBy(() -> prepare("a"))
                    .isInstanceOfAny(UnsafeDirectoryException.class, FileAlreadyExistsException.class);
            requireUntouched();
        }

        @Test
        void shouldNotReplaceThroughASymbolicLink() throws IOException {
            Files.createSymbolicLink(directory.resolve("m.tmp"), canary());

            assertThatThrownBy(() -> SegmentFile.replace(directory, "m", NEW, false, FileHook.NONE))
                    .isInstanceOf(UnsafeDirectoryException.class);
            requireUntouched();
        }

        @Test
        void shouldReplaceALinkAndNotWhatItLeadsTo() throws IOException {
            Files.createSymbolicLink(directory.resolve("m"), canary());

            SegmentFile.replace(directory, "m", NEW, false, FileHook.NONE);

            requireUntouched();
            assertThat(Files.isSymbolicLink(directory.resolve("m"))).isFalse();
        }

        @Test
        void shouldNotOpenASymbolicLink() throws IOException {
            Files.createSymbolicLink(directory.resolve("a"), canary());

            refusesToOpen("kind=SYMBOLIC_LINK");
            requireUntouched();
        }

        @Test
        void shouldNotOpenAFileWithASecondName() throws IOException {
            Files.createLink(directory.resolve("a"), canary());

            refusesToOpen("links=2");
        }

        @Test
        void shouldNotOpenADirectory() throws IOException {
            Files.createDirectory(directory.resolve("a"));

            refusesToOpen("kind=DIRECTORY");
        }

        @Test
        void shouldNotWaitForAPipe() throws Exception {
            Process mkfifo = new ProcessBuilder("mkfifo", directory.resolve("a").toString()).start();
            assertThat(mkfifo.waitFor()).isZero();

            refusesToOpen("kind=OTHER");
        }

        private void refusesToOpen(String why) {
            List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> ways = List.of(
                    () -> SegmentFile.open(directory, "a", FileHook.NONE),
                    () -> SegmentFile.toRead(directory, "a", FileHook.NONE),
                    () -> SegmentFile.readAll(directory, "a", 10, FileHook.NONE),
                    () -> SegmentFile.lock(directory, "a", FileHook.NONE));
            assertThat(ways)
                    .allSatisfy(way -> assertThatThrownBy(way)
                            .isInstanceOf(UnsafeDirectoryException.class)
                            .hasMessageContaining("file=a")
                            .hasMessageContaining(why));
        }
    }

    @Nested
    class Interrupts {
        /** Every call there is, once. */
        private void everyCall(String name) throws IOException {
            SegmentFile file = prepare(name);
            SegmentFile.fillHoles(directory, name, FileHook.NONE);
            file.region().longRelease(64, 7);
            file.force(0, LENGTH);
            file.close();
            file = SegmentFile.open(directory, name, FileHook.NONE);
            assertThat(file.region().longAcquire(64)).isEqualTo(7);
            assertThat(file.read(0, new byte[6], 0, 6)).isEqualTo(6);
            SegmentFile.replace(directory, "m", NEW, true, FileHook.NONE);
            assertThat(SegmentFile.readAll(directory, "m", 100, FileHook.NONE)).isEqualTo(NEW);
            SegmentFile.Lock lock = SegmentFile.lock(directory, "lock", FileHook.NONE);
            assertThat(lock.isHeld()).isTrue();
            lock.write("me");
            assertThat(lock.note()).isEqualTo("me");
            lock.close();
            file.delete();
            assertThat(names()).containsExactly("lock", "m");
        }

        @Test
        void shouldNeitherBreakACallNorBeLost() throws IOException {
            Thread.currentThread().interrupt();
            try {
                everyCall("a");

                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(descriptors()).isZero();
        }

        @Test
        void shouldNotComeWhereNoneWas() throws IOException {
            everyCall("a");

            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }

        @Test
        void shouldBreakNothingWhenTheyRain() throws Exception {
            Thread target = Thread.currentThread();
            AtomicBoolean done = new AtomicBoolean();
            Thread rain = new Thread(() -> {
                while (!done.get()) {
                    target.interrupt();
                    Thread.onSpinWait();
                }
            });
            rain.start();
            try {
                for (int i = 0; i < 200; i++) {
                    everyCall("a" + i);
                }
            } finally {
                done.set(true);
                while (rain.isAlive()) {
                    Thread.onSpinWait();
                }
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(descriptors()).isZero();
            assertThat(mappings()).isZero();
        }
    }

    @Nested
    class Locks {
        @Test
        void shouldKeepOtherProcessesOut() throws Exception {
            try (SegmentFile.Lock lock = SegmentFile.lock(directory, "lock", FileHook.NONE)) {
                assertThat(lock.isHeld()).isTrue();
                assertThat(LockProbe.askAnotherProcess(directory, "lock")).isEqualTo("taken");
            }
            assertThat(LockProbe.askAnotherProcess(directory, "lock")).isEqualTo("held");
        }

        @Test
        void shouldBeFreeWhenTheirHolderWasKilled() throws Exception {
            Process holder = LockProbe.start(directory, "lock");
            try {
                assertThat(LockProbe.answerOf(holder)).isEqualTo("held");
                try (SegmentFile.Lock lock = SegmentFile.lock(directory, "lock", FileHook.NONE)) {
                    assertThat(lock.isHeld()).isFalse();
                    assertThat(lock.isOfThisProcess()).isFalse();
                }
            } finally {
                holder.destroyForcibly().waitFor();
            }
            try (SegmentFile.Lock lock = SegmentFile.lock(directory, "lock", FileHook.NONE)) {
                assertThat(lock.isHeld()).isTrue();
            }
        }

        /** POSIX would give the lock back when the second descriptor of this process is closed. */
        @Test
        void shouldNotBeLostThroughASecondClassLoader() throws Exception {
            try (SegmentFile.Lock lock = SegmentFile.lock(directory, "lock", FileHook.NONE);
                    URLClassLoader other = secondLoader()) {
                Class<?> hookType = other.loadClass(FileHook.class.getName());
                Class<?> fileType = other.loadClass(SegmentFile.class.getName());
                Object second = fileType.getMethod("lock", Path.class, String.class, hookType)
                        .invoke(
                                null,
                                directory,
                                "lock",
                                hookType.getField("NONE").get(null));
                assertThat(second.getClass().getClassLoader()).isSameAs(other);
                assertThat(second.getClass().getMethod("isHeld").invoke(second)).isEqualTo(false);
                assertThat(second.getClass().getMethod("isOfThisProcess").invoke(second))
                        .isEqualTo(true);

                second.getClass().getMethod("close").invoke(second);

                assertThat(LockProbe.askAnotherProcess(directory, "lock")).isEqualTo("taken");
                assertThat(lock.isHeld()).isTrue();
            }
        }

        private static URLClassLoader secondLoader() throws IOException {
            URL classes =
                    SegmentFile.class.getProtectionDomain().getCodeSource().getLocation();
            return new URLClassLoader(new URL[] {classes}, SegmentFile.class.getClassLoader()) {
                @Override
                protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                    if (!name.startsWith("io.millrace.core.")) {
                        return super.loadClass(name, resolve);
                    }
                    Class<?> loaded = findLoadedClass(name);
                    return loaded == null ? findClass(name) : loaded;
                }
            };
        }

        @Test
        void shouldNoticeThatTheirFileWasReplaced() throws IOException {
            try (SegmentFile.Lock lock = SegmentFile.lock(directory, "lock", FileHook.NONE)) {
                assertThat(lock.isInPlace()).isTrue();
                Files.move(directory.resolve("lock"), directory.resolve("other"));
                assertThat(lock.isInPlace()).isFalse();
                Files.createFile(directory.resolve("lock"));
                assertThat(lock.isInPlace()).isFalse();
            }
        }
    }

    @Test
    void shouldTellWhatIsThere() throws IOException {
        prepare("a").close();
        FileFacts file = Objects.requireNonNull(SegmentFile.look(directory.resolve("a"), FileHook.NONE));
        FileFacts root = Objects.requireNonNull(SegmentFile.look(directory, FileHook.NONE));

        assertThat(file.kind()).isEqualTo(FileFacts.Kind.FILE);
        assertThat(file.length()).isEqualTo(LENGTH);
        assertThat(file.mode()).isEqualTo(0600);
        assertThat(file.isWritableForOthers()).isFalse();
        assertThat(file.owner()).isEqualTo(root.owner());
        assertThat(file.isSameFile(root)).isFalse();
        assertThat(root.kind()).isEqualTo(FileFacts.Kind.DIRECTORY);
        assertThat(SegmentFile.look(directory.resolve("b"), FileHook.NONE)).isNull();
        assertThat(SegmentFile.ownerOfNewFiles(directory, FileHook.NONE)).isEqualTo(file.owner());
        assertThat(SegmentFile.fileSystemType(directory, FileHook.NONE)).isNotEmpty();
        assertThat(SegmentFile.usableBytes(directory, FileHook.NONE)).isPositive();
        assertThat(names()).containsExactly("a");
    }

    @Test
    void shouldMapWordsThatTakePartInRaces() throws IOException {
        try (SegmentFile file = prepare("a")) {
            Region region = file.region();

            assertThat(region.getAndAddLong(LENGTH - 8, 5)).isZero();
            assertThat(region.casLong(LENGTH - 8, 5, 9)).isTrue();
            assertThatThrownBy(() -> region.longPlain(LENGTH - 7)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }
}
