package io.millrace.core.directory;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.EngineException;
import io.millrace.core.file.FileHook;
import io.millrace.core.file.SegmentFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A directory in a temporary one, and what tests of directories do with it again and again. */
abstract class DirectoryFixture {
    static final byte[] HEADER = "head".getBytes(StandardCharsets.US_ASCII);
    static final byte[] CANARY = "canary".getBytes(StandardCharsets.US_ASCII);
    static final int LENGTH = 4096;
    static final int FOREIGNER = 54_321;

    @TempDir
    Path temporary;

    final Set<EngineDirectory> open = new HashSet<>();

    @AfterEach
    void close() {
        open.forEach(EngineDirectory::close);
    }

    final Path data() {
        return temporary.resolve("data");
    }

    final EngineDirectory open(Path path, Durability durability, EngineConfig config, FileHook hook) {
        EngineDirectory directory = EngineDirectory.open(path, durability, config, hook);
        open.add(directory);
        return directory;
    }

    final EngineDirectory open(Durability durability, FileHook hook) {
        return open(data(), durability, EngineConfig.defaults(), hook);
    }

    final EngineDirectory open() {
        return open(Durability.PROCESS_CRASH, FileHook.NONE);
    }

    final EngineDirectory open(EngineConfig config, Surroundings surroundings) {
        return open(Durability.PROCESS_CRASH, config, surroundings);
    }

    final EngineDirectory open(Durability durability, EngineConfig config, Surroundings surroundings) {
        EngineDirectory directory = EngineDirectory.open(data(), durability, config, FileHook.NONE, surroundings);
        open.add(directory);
        return directory;
    }

    /** A directory with one segment, closed in order. */
    final Path made() throws IOException {
        EngineDirectory directory = open();
        add(directory);
        directory.closeClean(1_000);
        return data();
    }

    static int add(EngineDirectory directory) throws IOException {
        int index = directory.takeIndex();
        directory.prepareSegment(index, LENGTH, HEADER).close();
        directory.addSegment(index);
        return index;
    }

    /** Every name in a directory, with what is in the files. */
    static Map<String, String> content(Path directory) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> paths = Files.list(directory)) {
            for (Path path : paths.toList()) {
                content.put(
                        path.getFileName().toString(),
                        Files.isRegularFile(path) ? Arrays.toString(Files.readAllBytes(path)) : "other");
            }
        }
        return content;
    }

    final AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Class<? extends EngineException> type) {
        return assertThatThrownBy(this::open).isInstanceOf(type);
    }

    /** The real machine, but for one answer. */
    record Elsewhere(String fileSystem, int owner, String name) implements Surroundings {
        static final int SAME = -7;

        @Override
        public String fileSystemType(Path directory) {
            return fileSystem;
        }

        @Override
        public int processOwner(Path directory) throws IOException {
            return owner == SAME ? SegmentFile.ownerOfNewFiles(directory, FileHook.NONE) : owner;
        }

        @Override
        public String boot() {
            return name;
        }

        static Surroundings onFileSystem(String type) {
            return new Elsewhere(type, SAME, Manifest.UNKNOWN_BOOT);
        }

        static Surroundings as(int owner) {
            return new Elsewhere("ext4", owner, Manifest.UNKNOWN_BOOT);
        }

        static Surroundings startedAs(String boot) {
            return new Elsewhere("ext4", SAME, boot);
        }
    }
}
