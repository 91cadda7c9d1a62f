package io.millrace.core.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.api.CorruptLogException;
import io.millrace.api.DirectoryDamagedException;
import io.millrace.api.DirectoryFormatException;
import io.millrace.api.DirectoryInUseException;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.NoSpaceException;
import io.millrace.api.NotEngineDirectoryException;
import io.millrace.api.ReadOnlyDirectoryException;
import io.millrace.api.UnsafeDirectoryException;
import io.millrace.core.file.FileHook;
import io.millrace.core.file.FileHook.Operation;
import io.millrace.core.file.SegmentFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each thing that may be wrong with a directory has an error of its own, and nothing in it has changed. */
class DirectoryRefusalTest extends DirectoryFixture {
    @Nested
    class InUse {
        @Test
        void shouldBeRefusedToThisProcess() throws IOException {
            open();
            Map<String, String> before = content(data());
            Path link = Files.createSymbolicLink(temporary.resolve("link"), data());

            assertRefused(DirectoryInUseException.class).hasMessageContaining("open in this process already");
            assertThatThrownBy(() -> open(link, Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE))
                    .isInstanceOfSatisfying(
                            DirectoryInUseException.class,
                            e -> assertThat(e.isThisProcess()).isTrue());
            assertThat(content(data())).isEqualTo(before);
        }

        @Test
        void shouldBeRefusedEvenWhenItWasMoved() throws IOException {
            open();
            Path moved = Files.move(data(), temporary.resolve("moved"));

            assertThatThrownBy(() -> open(moved, Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE))
                    .isInstanceOf(DirectoryInUseException.class);
        }

        @Test
        void shouldBeFreeAfterClose() {
            for (int i = 0; i < 5; i++) {
                open().close();
            }
            assertThat(open().incarnation()).isEqualTo(6);
        }

        @Test
        void shouldBeRefusedWhileAnotherProcessHasItOpen() throws IOException {
            try (DirectoryHolder holder = DirectoryHolder.start(data(), ":")) {
                Map<String, String> before = content(data());

                assertThatThrownBy(DirectoryRefusalTest.this::open)
                        .isInstanceOfSatisfying(DirectoryInUseException.class, e -> {
                            assertThat(e.isThisProcess()).isFalse();
                            assertThat(e.pid()).hasValue(holder.pid());
                        })
                        .hasMessageContaining("pid=" + holder.pid());
                assertThat(content(data())).isEqualTo(before);
            }
        }

        @Test
        void shouldBeFreeWhenThatProcessWasKilled() throws IOException {
            DirectoryHolder.start(data(), ":").close();

            EngineDirectory directory = open();

            assertThat(directory.wasClean()).isFalse();
            assertThat(directory.incarnation()).isEqualTo(2);
            assertThat(directory.segments()).hasToString("0");
            assertThat(directory.nextQueueNumber()).isEqualTo(1 + EngineDirectory.QUEUE_NUMBER_BLOCK);
            assertThat(directory.isSameBoot()).isEqualTo(Files.exists(Path.of("/proc/sys/kernel/random/boot_id")));
        }

        @Test
        void shouldGoToOneOfManyThreads() throws Exception {
            CountDownLatch start = new CountDownLatch(1);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            int opened = 0;
            try {
                List<Future<Optional<EngineDirectory>>> all = IntStream.range(0, 4)
                        .mapToObj(i -> threads.submit(() -> {
                            start.await();
                            try {
                                return Optional.of(EngineDirectory.open(
                                        data(), Durability.PROCESS_CRASH, EngineConfig.defaults(), FileHook.NONE));
                            } catch (DirectoryInUseException e) {
                                return Optional.<EngineDirectory>empty();
                            }
                        }))
                        .toList();
                start.countDown();
                for (Future<Optional<EngineDirectory>> one : all) {
                    Optional<EngineDirectory> directory = one.get();
                    directory.ifPresent(open::add);
                    opened += directory.isPresent() ? 1 : 0;
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(opened).isEqualTo(1);
        }
    }

    @Nested
    class NotOurs {
        @Test
        void shouldBeRefusedWithTheNameOfWhatIsThere() throws IOException {
            Files.createDirectory(data());
            Files.write(data().resolve("notes.txt"), CANARY);

            assertRefused(NotEngineDirectoryException.class)
                    .hasMessageContaining("found=notes.txt; give an empty directory or a new one");
            assertThat(content(data()).keySet()).containsExactly("notes.txt");
        }

        @Test
        void shouldBeRefusedWhenItIsAFile() throws IOException {
            Files.write(data(), CANARY);

            assertRefused(NotEngineDirectoryException.class).hasMessageContaining("found=a file");
            assertThat(data()).hasBinaryContent(CANARY);
        }

        @Test
        void shouldBeRefusedWithoutAParent() {
            Path deep = temporary.resolve("a/b");

            assertThatThrownBy(() -> open(deep, Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE))
                    .isInstanceOf(NotEngineDirectoryException.class)
                    .hasMessageContaining("make its parent first: " + temporary.resolve("a"));
            assertThat(temporary.resolve("a")).doesNotExist();
        }

        @Test
        void shouldBeRefusedBelowAFile() throws IOException {
            Files.write(temporary.resolve("a"), CANARY);
            Path below = temporary.resolve("a/b");

            assertThatThrownBy(() -> open(below, Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE))
                    .isInstanceOf(NotEngineDirectoryException.class);
        }

        @Test
        void shouldBeRefusedBehindALinkThatLeadsNowhere() throws IOException {
            Files.createSymbolicLink(data(), temporary.resolve("nowhere"));

            assertRefused(NotEngineDirectoryException.class).hasMessageContaining("leads nowhere");
            assertThat(temporary.resolve("nowhere")).doesNotExist();
        }

        @Test
        void shouldBeRefusedBehindLinksInACircle() throws IOException {
            Files.createSymbolicLink(data(), data());

            assertRefused(NotEngineDirectoryException.class).hasMessageContaining("leads nowhere");
        }
    }

    @Nested
    class OfAnotherBuild {
        @Test
        void shouldBeRefusedWithBothNames() throws IOException {
            Path manifest = made().resolve("manifest");
            Files.writeString(
                    manifest, Files.readString(manifest).replace(Manifest.BUILD, "0.0.9"), StandardCharsets.US_ASCII);
            Map<String, String> before = content(data());

            assertRefused(DirectoryFormatException.class)
                    .hasMessageContaining("found=0/0.0.9 expected=0/" + Manifest.BUILD);
            assertThat(content(data())).isEqualTo(before);
        }
    }

    @Nested
    class Damaged {
        @Test
        void shouldBeRefusedAndLeftAsItIs() throws IOException {
            byte[] manifest = Files.readAllBytes(made().resolve("manifest"));
            for (int length = 0; length < manifest.length; length += 7) {
                Files.write(data().resolve("manifest"), Arrays.copyOf(manifest, length));
                Map<String, String> before = content(data());

                assertRefused(DirectoryDamagedException.class);
                assertThat(content(data())).isEqualTo(before);
            }
            Files.write(data().resolve("manifest"), manifest);
            assertThat(open().incarnation()).isEqualTo(2);
        }

        @Test
        void shouldBeRefusedWithAnEndlessManifest() throws IOException {
            try (java.io.RandomAccessFile file =
                    new java.io.RandomAccessFile(made().resolve("manifest").toFile(), "rw")) {
                file.setLength(1L << 40);
            }

            assertRefused(DirectoryDamagedException.class).hasMessageContaining("longer than 65536 bytes");
        }

        @Test
        void shouldBeRefusedWithoutAManifest() throws IOException {
            Files.delete(made().resolve("manifest"));

            assertRefused(DirectoryDamagedException.class)
                    .hasMessageContaining("it is missing, but there are segments");
        }

        @Test
        void shouldNameAMissingSegment() throws IOException {
            EngineDirectory directory = open();
            add(directory);
            add(directory);
            directory.close();
            Files.delete(data().resolve("segment-00000001"));
            Map<String, String> before = content(data());

            assertRefused(CorruptLogException.class)
                    .hasMessageContaining("file=segment-00000001 from=0 to=0 problem=the file is missing");
            assertThat(content(data())).isEqualTo(before);
        }

        @Test
        void shouldNameASegmentWithoutBytes() throws IOException {
            Files.write(made().resolve("segment-00000000"), new byte[0]);
            EngineDirectory directory = open();

            assertThatThrownBy(() -> directory.openSegment(0))
                    .isInstanceOf(CorruptLogException.class)
                    .hasMessageContaining("no segment has such a length");
            assertThatThrownBy(() -> directory.openSegment(1)).isInstanceOf(CorruptLogException.class);
        }
    }

    @Nested
    class Unsafe {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "manifest",
                    "manifest.tmp",
                    "lock",
                    "segment-00000000",
                    "segment-00000007",
                    "segment-00000001.new",
                    "owner.new"
                })
        void shouldNotFollowASymbolicLink(String name) throws IOException {
            made();
            Path canary = Files.write(temporary.resolve("canary"), CANARY);
            Files.deleteIfExists(data().resolve(name));
            Files.createSymbolicLink(data().resolve(name), canary);

            assertRefused(UnsafeDirectoryException.class).hasMessageContaining("file=" + name + " kind=SYMBOLIC_LINK");
            assertThat(canary).hasBinaryContent(CANARY);
            assertThat(Files.isSymbolicLink(data().resolve(name))).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"manifest", "manifest.tmp", "lock", "segment-00000000", "segment-00000001.new"})
        void shouldNotUseAFileWithASecondName(String name) throws IOException {
            made();
            Path canary = Files.write(temporary.resolve("canary"), CANARY);
            Files.deleteIfExists(data().resolve(name));
            Files.createLink(data().resolve(name), canary);

            assertRefused(UnsafeDirectoryException.class).hasMessageContaining("file=" + name + " kind=FILE links=2");
            assertThat(canary).hasBinaryContent(CANARY);
        }

        @Test
        void shouldNotFollowALinkThatIsPlantedWhileItIsOpen() throws IOException {
            EngineDirectory directory = open();
            Path canary = Files.write(temporary.resolve("canary"), CANARY);
            for (String name : List.of("manifest.tmp", "segment-00000000.new", "segment-00000001")) {
                Files.createSymbolicLink(data().resolve(name), canary);
            }

            assertThatThrownBy(() -> directory.prepareSegment(0, LENGTH, HEADER))
                    .isInstanceOf(UnsafeDirectoryException.class);
            assertThatThrownBy(() -> directory.prepareSegment(1, LENGTH, HEADER))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> directory.addSegment(0)).isInstanceOf(UnsafeDirectoryException.class);
            assertThat(canary).hasBinaryContent(CANARY);
        }

        @ParameterizedTest
        @ValueSource(strings = {"rwxrwx---", "rwx---rwx", "rwxrwxrwx", "rwx-w----"})
        void shouldNotBeWritableForOthers(String permissions) throws IOException {
            made();
            Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString(permissions));
            Map<String, String> before = content(data());

            assertRefused(UnsafeDirectoryException.class)
                    .hasMessageContaining(" mode=")
                    .hasMessageContaining("allowSharedDirectory()");
            assertThat(content(data())).isEqualTo(before);
            assertThat(open(
                                    data(),
                                    Durability.PROCESS_CRASH,
                                    EngineConfig.defaults().allowSharedDirectory(),
                                    FileHook.NONE)
                            .incarnation())
                    .isEqualTo(2);
        }

        @ParameterizedTest
        @ValueSource(strings = {"rwxr-xr-x", "rwxr-x---"})
        void shouldLetOthersLookIfTheirOwnerWantsThat(String permissions) throws IOException {
            made();
            Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString(permissions));

            assertThat(open().incarnation()).isEqualTo(2);
        }

        @ParameterizedTest
        @ValueSource(strings = {"manifest", "segment-00000000", "lock"})
        void shouldHaveNoFileThatOthersMayWrite(String name) throws IOException {
            made();
            Files.setPosixFilePermissions(data().resolve(name), PosixFilePermissions.fromString("rw-rw-rw-"));

            assertRefused(UnsafeDirectoryException.class)
                    .hasMessageContaining("file=" + name + " mode=666")
                    .hasMessageContaining("allowSharedDirectory()");
        }

        @Test
        void shouldNotBelongToAnotherUser() throws IOException {
            Files.createDirectory(data());
            Surroundings machine = foreign(data());

            assertThatThrownBy(() -> open(EngineConfig.defaults(), machine))
                    .isInstanceOf(UnsafeDirectoryException.class)
                    .hasMessageMatching(".* owner=\\d+ process=\\d+; .*")
                    .hasMessageContaining("allowSharedDirectory()");
            assertThat(content(data())).isEmpty();
            assertThat(open(EngineConfig.defaults().allowSharedDirectory(), machine)
                            .incarnation())
                    .isEqualTo(1);
        }

        /** Gives the path away if this process may; else lets it look as if it had been. */
        private Surroundings foreign(Path path) throws IOException {
            try {
                Files.setAttribute(path, "unix:uid", FOREIGNER);
                return Surroundings.real(FileHook.NONE);
            } catch (IOException e) {
                return Elsewhere.as(FOREIGNER);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"manifest", "segment-00000000", "lock"})
        void shouldHaveNoFileOfAnotherUser(String name) throws IOException {
            made();
            Surroundings machine = foreign(data().resolve(name));

            assertThatThrownBy(() -> open(EngineConfig.defaults(), machine))
                    .isInstanceOf(UnsafeDirectoryException.class)
                    .hasMessageContaining("owner=");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "nfs",
                    "nfs4",
                    "cifs",
                    "smb2",
                    "smb3",
                    "smbfs",
                    "9p",
                    "fuse.sshfs",
                    "ceph",
                    "NFS",
                    "fuse.s3fs"
                })
        void shouldNotLieOnANetwork(String type) throws IOException {
            Files.createDirectory(data());
            Surroundings machine = Elsewhere.onFileSystem(type);

            assertThatThrownBy(() -> open(EngineConfig.defaults(), machine))
                    .isInstanceOf(UnsafeDirectoryException.class)
                    .hasMessageContaining("fileSystem=" + type)
                    .hasMessageContaining("allowNetworkDirectory()");
            assertThat(content(data())).isEmpty();
            assertThat(open(EngineConfig.defaults().allowNetworkDirectory(), machine)
                            .incarnation())
                    .isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs", "zfs", "overlay", "apfs", "NTFS", "fuseblk", ""})
        void shouldLieOnADisk(String type) {
            assertThat(open(EngineConfig.defaults(), Elsewhere.onFileSystem(type))
                            .incarnation())
                    .isEqualTo(1);
        }

        @Test
        void shouldBeItsOwnersAloneWhateverTheUmaskIs() throws IOException {
            try (DirectoryHolder holder = DirectoryHolder.start(data(), "umask 000")) {
                assertThat(holder.pid()).isPositive();
                assertThat(permissions(data())).isEqualTo("rwx------");
                assertThat(content(data()).keySet()).containsExactly("lock", "manifest", "segment-00000000");
                assertThat(content(data()).keySet())
                        .allSatisfy(name ->
                                assertThat(permissions(data().resolve(name))).isEqualTo("rw-------"));
            }
        }

        private static String permissions(Path path) throws IOException {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        }
    }

    @Nested
    class WithoutRoom {
        @ParameterizedTest
        @ValueSource(strings = {"No space left on device", "Disk quota exceeded"})
        void shouldSaySoWhenOpened(String answer) throws IOException {
            made();
            FileHook full = (operation, file) -> {
                if (operation == Operation.WRITE) {
                    throw new IOException(answer);
                }
            };
            String manifest = Files.readString(data().resolve("manifest"));

            assertThatThrownBy(() -> open(Durability.POWER_LOSS, full))
                    .isInstanceOf(NoSpaceException.class)
                    .hasRootCauseMessage(answer);
            assertThat(data().resolve("manifest")).hasContent(manifest);
            assertThat(open().incarnation()).isEqualTo(2);
        }

        @Test
        void shouldSaySoOnADiskThatIsFull() throws IOException {
            Optional<TemporaryMount> mount =
                    TemporaryMount.tryMount(temporary.resolve("disk"), 1 << 20, "DirectoryRefusalTest on a full disk");
            if (mount.isPresent()) {
                try (TemporaryMount disk = mount.get()) {
                    Path path = disk.path().resolve("data");
                    EngineDirectory directory =
                            open(path, Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE);
                    fill(directory);
                    directory.close();
                    Map<String, String> before = content(path);

                    assertThatThrownBy(() -> open(path, Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE))
                            .isInstanceOf(NoSpaceException.class)
                            .hasMessageContaining("make room on it");
                    assertThat(content(path).keySet()).isEqualTo(before.keySet());
                    assertThat(content(path)).containsEntry("manifest", before.get("manifest"));

                    Files.delete(disk.path().resolve("ballast"));
                    EngineDirectory again = open(path, Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE);
                    assertThat(again.segments()).hasToString("0-3");
                    again.close();
                }
            }
        }

        /** Segments until there is no room for one, and then something else in the rest. */
        private void fill(EngineDirectory directory) throws IOException {
            for (int i = 0; i < 3; i++) {
                int index = directory.takeIndex();
                directory.prepareSegment(index, 1 << 18, HEADER).close();
                directory.addSegment(index);
            }
            assertThatThrownBy(() -> directory.prepareSegment(3, 1 << 18, HEADER))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left on device");
            directory.prepareSegment(directory.takeIndex(), 1 << 16, HEADER).close();
            directory.addSegment(3);
            Path ballast = directory.path().resolveSibling("ballast");
            try (java.io.OutputStream out = Files.newOutputStream(ballast)) {
                byte[] page = new byte[4096];
                Throwable full = null;
                while (full == null) {
                    full = catchThrowable(() -> out.write(page));
                }
            }
            assertThatThrownBy(() -> directory.addSegment(4)).isInstanceOf(IOException.class);
            assertThat(directory.segments()).hasToString("0-3");
        }

        @Test
        void shouldGoOnWhenThereIsRoomAgain() throws IOException {
            boolean[] isFull = {false};
            FileHook hook = (operation, file) -> {
                if (isFull[0] && (operation == Operation.CREATE || operation == Operation.WRITE)) {
                    throw new IOException("No space left on device");
                }
            };
            EngineDirectory directory = open(Durability.POWER_LOSS, hook);
            int index = directory.takeIndex();
            isFull[0] = true;

            assertThatThrownBy(() -> directory.prepareSegment(index, LENGTH, HEADER))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> directory.addSegment(index)).isInstanceOf(IOException.class);
            assertThatThrownBy(directory::nextQueueNumber).isInstanceOf(IOException.class);

            isFull[0] = false;
            directory.prepareSegment(index, LENGTH, HEADER).close();
            directory.addSegment(index);
            assertThat(directory.nextQueueNumber()).isEqualTo(1);
            directory.closeClean(5);
            assertThat(open().segments()).hasToString("0");
        }
    }

    @Nested
    class ReadOnly {
        @Test
        void shouldSaySo() throws IOException {
            made();
            if (SegmentFile.ownerOfNewFiles(temporary, FileHook.NONE) != 0) {
                Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("r-x------"));
                assertRefused(ReadOnlyDirectoryException.class).hasMessageContaining("make it writable");
                Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
                return;
            }
            Optional<TemporaryMount> mount = TemporaryMount.tryMount(
                    temporary.resolve("disk"), 1 << 20, "DirectoryRefusalTest on a read-only disk");
            if (mount.isPresent()) {
                try (TemporaryMount disk = mount.get()) {
                    Path path = disk.path().resolve("data");
                    open(path, Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE)
                            .closeClean(0);
                    disk.makeReadOnly();

                    for (Path any : List.of(path, disk.path().resolve("other"), disk.path())) {
                        assertThatThrownBy(
                                        () -> open(any, Durability.POWER_LOSS, EngineConfig.defaults(), FileHook.NONE))
                                .isInstanceOf(
                                        any.equals(disk.path())
                                                ? NotEngineDirectoryException.class
                                                : ReadOnlyDirectoryException.class);
                    }
                    assertThat(EngineDirectory.inspect(path).manifest()).isPresent();
                }
            }
        }

        @Test
        void shouldSaySoWhereAccessIsDenied() throws IOException {
            made();
            FileHook denied = (operation, file) -> {
                if (operation == Operation.CREATE) {
                    throw new java.nio.file.AccessDeniedException(file);
                }
            };

            assertThatThrownBy(() -> open(Durability.POWER_LOSS, denied))
                    .isInstanceOf(ReadOnlyDirectoryException.class)
                    .hasMessageContaining("path=" + data());
        }
    }
}
