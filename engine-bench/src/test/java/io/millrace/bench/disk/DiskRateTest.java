package io.millrace.bench.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskRateTest {
    @TempDir
    private Path directory;

    @Test
    void shouldWriteAndLeaveNothingBehind() {
        assertThat(DiskRate.sequential(directory, 8 << 20)).isPositive();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldCountPageFaultsWhereTheSystemTells() {
        long before = PageFaults.minor();

        ByteBuffer touched = ByteBuffer.allocateDirect(16 << 20);

        assertThat(touched.get(touched.capacity() - 1)).isZero();
        assertThat(PageFaults.minor()).isGreaterThan(before);
    }

    @Test
    void shouldSayWhatTheMachineIs() {
        assertThat(Machine.description(directory))
                .containsKeys("processor", "cores", "memory", "system", "file system", "JDK")
                .allSatisfy((name, value) -> assertThat(value).isNotBlank());
    }
}
