package io.millrace.core.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.DirectoryInUseException;
import io.millrace.api.NotEngineDirectoryException;
import io.millrace.core.file.SegmentFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DirectoryHoldTest extends DirectoryFixture {
    @Test
    void shouldKeepEnginesOutUntilItIsClosed() throws IOException {
        DirectoryInspection inspection = EngineDirectory.inspect(made());
        try (DirectoryHold hold = DirectoryHold.of(inspection)) {
            assertThat(hold.isLocked()).isTrue();
            assertThatThrownBy(this::open).isInstanceOf(DirectoryInUseException.class);
        }

        assertThat(open().segments().contains(0)).isTrue();
    }

    @Test
    void shouldBeRefusedWhileAnotherProcessHasIt() throws IOException {
        DirectoryInspection inspection = EngineDirectory.inspect(made());
        try (DirectoryHolder other = DirectoryHolder.start(data(), "true")) {
            assertThatThrownBy(() -> DirectoryHold.of(inspection))
                    .isInstanceOf(DirectoryInUseException.class)
                    .hasMessageContaining("pid=" + other.pid());
        }

        DirectoryHold.of(inspection).close();
    }

    @Test
    void shouldKeepOtherProcessesOut() throws IOException {
        DirectoryInspection inspection = EngineDirectory.inspect(made());
        try (DirectoryHold hold = DirectoryHold.of(inspection)) {
            assertThat(hold.isLocked()).isTrue();
            assertThatThrownBy(() ->
                            DirectoryHolder.start(data(), "exec 2>/dev/null").close())
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void shouldBeRefusedWhileAnEngineHasIt() throws IOException {
        made();
        open();
        DirectoryInspection inspection = EngineDirectory.inspect(data());

        assertThatThrownBy(() -> DirectoryHold.of(inspection)).isInstanceOf(DirectoryInUseException.class);
    }

    @Test
    void shouldWriteNothing() throws IOException {
        made();
        Files.delete(data().resolve("lock"));

        try (DirectoryHold hold = DirectoryHold.of(EngineDirectory.inspect(data()))) {
            assertThat(hold.isLocked()).isFalse();
            assertThat(data().resolve("lock")).doesNotExist();
            assertThatThrownBy(this::open)
                    .as("in this process it holds all the same")
                    .isInstanceOf(DirectoryInUseException.class);
        }
    }

    @Test
    void shouldMakeADirectoryThatCountsOnlyWhenItIsFinished() throws IOException {
        Manifest manifest = EngineDirectory.inspect(made()).manifest().orElseThrow();
        NewDirectory made = NewDirectory.at(temporary.resolve("new"));
        try (SegmentFile file = made.makeSegment(0, LENGTH)) {
            assertThat(file.length()).isEqualTo(LENGTH);
        }
        assertThat(made.inspect().manifest()).isEmpty();

        made.finish(manifest);

        assertThat(made.inspect().manifest()).contains(manifest);
        made.abandon();
        assertThat(temporary.resolve("new")).doesNotExist();
    }

    @Test
    void shouldMakeADirectoryOnlyWhereNothingIs() throws IOException {
        Path taken = Files.createDirectory(temporary.resolve("taken"));

        assertThatThrownBy(() -> NewDirectory.at(taken))
                .isInstanceOf(NotEngineDirectoryException.class)
                .hasMessageContaining("found=something already");
        assertThatThrownBy(() -> NewDirectory.at(temporary.resolve("a").resolve("b")))
                .isInstanceOf(NotEngineDirectoryException.class)
                .hasMessageContaining("make its parent first");
    }
}
