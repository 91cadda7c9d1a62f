package io.millrace.stress.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.file.SegmentFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashDiskTest {
    private static final int TRIES = 400;
    private static final int LENGTH = 3 * DiskFile.PAGE;

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(1);
    private CrashDisk disk;

    @BeforeEach
    void watch() throws IOException {
        disk = new CrashDisk(directory);
    }

    private Set<String> namesFound() {
        Set<String> found = new HashSet<>();
        for (int i = 0; i < TRIES; i++) {
            found.addAll(disk.afterPowerLoss(random).keySet());
        }
        return found;
    }

    /** Whether some, and whether all of the directories that may be found have such a name. */
    private String isFound(String name) {
        int count = 0;
        for (int i = 0; i < TRIES; i++) {
            count += disk.afterPowerLoss(random).containsKey(name) ? 1 : 0;
        }
        return count == 0 ? "never" : count == TRIES ? "always" : "sometimes";
    }

    private SegmentFile prepare(boolean force) throws IOException {
        return SegmentFile.prepare(directory, "segment-00000000", LENGTH, new byte[] {1}, force, disk);
    }

    @Test
    void shouldForgetNamesUntilTheDirectoryIsForced() throws IOException {
        try (SegmentFile file = prepare(true)) {
            assertThat(isFound(file.name())).isEqualTo("sometimes");

            SegmentFile.forceDirectory(directory, disk);

            assertThat(isFound(file.name())).isEqualTo("always");
            assertThat(namesFound()).containsExactly(file.name());
        }
    }

    @Test
    void shouldRememberNamesThatWereDeletedUntilTheDirectoryIsForced() throws IOException {
        SegmentFile file = prepare(true);
        SegmentFile.forceDirectory(directory, disk);

        file.delete();

        assertThat(isFound(file.name())).isEqualTo("sometimes");
        SegmentFile.forceDirectory(directory, disk);
        assertThat(isFound(file.name())).isEqualTo("never");
    }

    @Test
    void shouldHaveOldNewAndTornPagesUntilTheyAreForced() throws IOException {
        try (SegmentFile file = prepare(true)) {
            SegmentFile.forceDirectory(directory, disk);
            fill(file, DiskFile.PAGE, 2 * DiskFile.PAGE, (byte) 7);

            Set<String> kinds = new HashSet<>();
            for (int i = 0; i < TRIES; i++) {
                byte[] found = found(file);
                assertThat(found).hasSize(LENGTH);
                kinds.add(kind(found, DiskFile.PAGE));
                kinds.add("next " + kind(found, 2 * DiskFile.PAGE));
            }

            assertThat(kinds).containsExactlyInAnyOrder("old", "new", "torn", "next old");
        }
    }

    @Test
    void shouldHaveWhatWasForced() throws IOException {
        try (SegmentFile file = prepare(true)) {
            SegmentFile.forceDirectory(directory, disk);
            fill(file, DiskFile.PAGE, LENGTH, (byte) 7);

            file.force(DiskFile.PAGE + 8, 8); // in the second of three pages

            Set<String> kinds = new HashSet<>();
            for (int i = 0; i < TRIES; i++) {
                byte[] found = found(file);
                assertThat(kind(found, DiskFile.PAGE)).isEqualTo("new");
                kinds.add(kind(found, 2 * DiskFile.PAGE));
            }
            assertThat(kinds).contains("old", "new", "torn");
        }
    }

    @Test
    void shouldHaveNothingOfAFileThatWasNotForced() throws IOException {
        try (SegmentFile file = prepare(false)) {
            SegmentFile.forceDirectory(directory, disk);
            Set<Integer> lengths = new HashSet<>();
            for (int i = 0; i < TRIES; i++) {
                lengths.add(found(file).length);
            }

            assertThat(lengths).containsExactlyInAnyOrder(0, LENGTH);
        }
    }

    private byte[] found(SegmentFile file) {
        return Objects.requireNonNull(disk.afterPowerLoss(random).get(file.name()));
    }

    private static void fill(SegmentFile file, int from, int to, byte value) {
        byte[] bytes = new byte[to - from];
        Arrays.fill(bytes, value);
        file.region().copyIn(from, bytes, 0, bytes.length);
    }

    private static String kind(byte[] content, int page) {
        boolean isOld = false;
        boolean isNew = false;
        for (int i = page; i < page + DiskFile.PAGE; i++) {
            isOld |= content[i] == 0;
            isNew |= content[i] != 0;
        }
        return isOld && isNew ? "torn" : isNew ? "new" : "old";
    }
}
