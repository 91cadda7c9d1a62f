package io.millrace.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.Engine;
import io.millrace.api.DirectoryDamagedException;
import io.millrace.api.DirectoryException;
import io.millrace.api.DirectoryFormatException;
import io.millrace.api.DirectoryInUseException;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.EngineFailedException;
import io.millrace.api.Message;
import io.millrace.api.NotEngineDirectoryException;
import io.millrace.api.UnsafeDirectoryException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.model.DirectoryCopy;
import io.millrace.testkit.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is wrong with a directory has an error of its own, which names it and says what to do; nothing is held afterwards, and
 * what was there still is when the reason is gone.
 */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class OpeningTest {
    private static final String TEXT = "order 42";

    /** Some of these need another segment, and the manifest has to be written. */
    private static final Message FILLING = Message.bytes(new byte[250_000]);

    @TempDir
    Path temporary;

    private Path data() {
        return temporary.resolve("data");
    }

    /** A directory with one message in it, closed. */
    private Path made() {
        try (Engine engine = open(data())) {
            engine.queue("orders").send(TEXT);
        }
        return data();
    }

    private static Engine open(Path path) {
        return Engine.open(path, Durability.PROCESS_CRASH);
    }

    private static List<String> texts(Engine engine) {
        return engine.queue("orders").admin().peek(10).stream()
                .map(PeekedMessage::text)
                .toList();
    }

    private static <T extends DirectoryException> void requireRefused(Path path, Class<T> type, String advice) {
        T refusal = catchThrowableOfType(type, () -> open(path).close());

        assertThat(refusal).as("refusal of " + path).isNotNull().hasMessageContaining(advice);
        assertThat(refusal.isFatal()).isFalse();
    }

    private void requireWhole() {
        try (Engine engine = open(data())) {
            assertThat(texts(engine)).containsExactly(TEXT);
        }
    }

    @Nested
    class InUse {
        @Test
        void shouldBeRefusedByEveryNameOfTheDirectory() throws IOException {
            Path link = Files.createSymbolicLink(temporary.resolve("link"), made());
            Path detour = temporary.resolve("data/../data/.");
            try (Engine engine = open(data())) {
                for (Path path : List.of(data(), link, detour)) {
                    requireRefused(path, DirectoryInUseException.class, "close the engine that has it");
                }
                assertThat(texts(engine)).containsExactly(TEXT);
            }
            requireWhole();
        }

        @Test
        void shouldNotKeepACopyFromBeingOpened() {
            made();
            Path copy = temporary.resolve("copy");
            try (Engine engine = open(data())) {
                engine.queue("orders").send("in both");
                DirectoryCopy.copy(data(), copy);
                try (Engine other = open(copy)) {
                    engine.queue("orders").send("in the original");
                    other.queue("orders").send("in the copy");

                    assertThat(texts(other)).containsExactly(TEXT, "in both", "in the copy");
                }
                assertThat(texts(engine)).containsExactly(TEXT, "in both", "in the original");
            }
        }

        @Test
        void shouldBeRefusedWhereItWasMovedTo() throws IOException {
            made();
            Path moved = temporary.resolve("moved");
            try (Engine engine = open(data())) {
                Files.move(data(), moved);

                requireRefused(moved, DirectoryInUseException.class, "close the engine that has it");
                assertThat(engine.queue("orders").receive(1)).hasSize(1).allMatch(Delivery::ack);
            }
            try (Engine engine = open(moved)) {
                assertThat(texts(engine)).isEmpty();
            }
        }

        @Test
        void shouldFailForGoodWhenItIsReplacedByAnother() throws IOException {
            made();
            Path moved = temporary.resolve("moved");
            try (Engine engine = open(data())) {
                Files.move(data(), moved);
                DirectoryCopy.copy(moved, data());

                EngineFailedException failure = catchThrowableOfType(EngineFailedException.class, () -> {
                    for (int i = 0; i < 1_000; i++) {
                        engine.queue("orders").send(FILLING);
                    }
                });

                assertThat(failure).hasMessageContaining("removed or replaced");
            }
        }
    }

    @Nested
    class NotOurs {
        @ParameterizedTest
        @ValueSource(strings = {"", ".", "/", "/proc", "/dev/null"})
        void shouldBeRefusedWithWhatToGiveInstead(String path) {
            requireRefused(Path.of(path), NotEngineDirectoryException.class, "give an empty directory or a new one");
        }

        @Test
        void shouldBeRefusedWithoutAParent() {
            requireRefused(
                    temporary.resolve("a/b"), NotEngineDirectoryException.class, "make its parent first: " + temporary);
        }

        @Test
        void shouldBeRefusedWithANameThatIsTooLong() {
            requireRefused(
                    temporary.resolve("x".repeat(300)),
                    NotEngineDirectoryException.class,
                    "give an empty directory or a new one");
        }
    }

    @Nested
    class OfOthers {
        @Test
        void shouldBeRefusedUntilItIsTheirsNoMore() throws IOException {
            Files.setPosixFilePermissions(made(), PosixFilePermissions.fromString("rwxrwx---"));
            requireRefused(data(), UnsafeDirectoryException.class, "chmod go-w");

            Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));

            requireWhole();
        }

        @Test
        void shouldBeAllowedByTheOptionThatTheMessageNames() throws IOException {
            Files.setPosixFilePermissions(made(), PosixFilePermissions.fromString("rwxrwx---"));
            requireRefused(data(), UnsafeDirectoryException.class, "EngineConfig.allowSharedDirectory()");

            try (Engine engine = Engine.open(
                    data(), Durability.PROCESS_CRASH, EngineConfig.defaults().allowSharedDirectory())) {
                assertThat(texts(engine)).containsExactly(TEXT);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"manifest", "lock", "segment-00000000"})
        void shouldBeRefusedWithALinkInIt(String name) throws IOException {
            Path elsewhere = temporary.resolve("elsewhere");
            Files.move(made().resolve(name), elsewhere);
            Files.createSymbolicLink(data().resolve(name), elsewhere);
            requireRefused(data(), UnsafeDirectoryException.class, "file=" + name);

            Files.move(elsewhere, data().resolve(name), StandardCopyOption.REPLACE_EXISTING);

            requireWhole();
        }

        /** A reader of a pipe would wait for somebody who writes. */
        @ParameterizedTest
        @ValueSource(strings = {"manifest", "manifest.tmp", "lock", "segment-00000000", "segment-00000007"})
        void shouldNotWaitAtAPipe(String name) throws Exception {
            Path pipe = made().resolve(name);
            Path aside = temporary.resolve("aside");
            boolean isThere = Files.exists(pipe);
            if (isThere) {
                Files.move(pipe, aside);
            }
            assertThat(new ProcessBuilder("mkfifo", "-m", "600", pipe.toString())
                            .start()
                            .waitFor())
                    .isZero();
            requireRefused(data(), UnsafeDirectoryException.class, "file=" + name);

            Files.delete(pipe);
            if (isThere) {
                Files.move(aside, pipe);
            }

            requireWhole();
        }
    }

    @Nested
    class NotAsItWasWritten {
        private void replaceInManifest(String from, String to) throws IOException {
            Path manifest = data().resolve("manifest");
            String before = Files.readString(manifest);
            assertThat(before).containsPattern(from);
            Files.writeString(manifest, before.replaceFirst(from, to));
        }

        @Test
        void shouldNameTheBuildThatWroteIt() throws IOException {
            made();
            String manifest = Files.readString(data().resolve("manifest"));
            replaceInManifest("build=[^\n]*", "build=0.0.9");
            requireRefused(data(), DirectoryFormatException.class, "0.0.9");

            Files.writeString(data().resolve("manifest"), manifest);

            requireWhole();
        }

        @Test
        void shouldSayThatTheManifestIsDamaged() throws IOException {
            made();
            replaceInManifest("incarnation=1", "incarnation=2");

            requireRefused(data(), DirectoryDamagedException.class, "salvage");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "quote'\"", "line\nbreak", "50%d$(x)", "-rf", "..data", "\u00fcml\u00e4ut"})
    void shouldOpenWhateverThePathIsCalled(String name) {
        Path path;
        try {
            path = temporary.resolve(name);
        } catch (InvalidPathException e) {
            return; // this system cannot write it
        }
        try (Engine engine = open(path)) {
            engine.queue("orders").send(TEXT);
            requireRefused(path, DirectoryInUseException.class, "close the engine that has it");
        }
        try (Engine engine = open(path)) {
            assertThat(texts(engine)).containsExactly(TEXT);
        }
    }
}
