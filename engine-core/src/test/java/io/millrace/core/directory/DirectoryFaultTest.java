package io.millrace.core.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.api.Durability;
import io.millrace.api.EngineException;
import io.millrace.api.EngineFailedException;
import io.millrace.core.file.FailingHook;
import io.millrace.core.file.FileHook;
import io.millrace.core.file.FileHook.Operation;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whichever system call fails, the error is typed and the directory opens again. */
class DirectoryFaultTest extends DirectoryFixture {
    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void shouldEndInATypedErrorWhicheverCallFails(boolean isNew, boolean forGood) throws IOException {
        int incarnation = 0;
        if (!isNew) {
            made();
            incarnation = 1;
        }
        int calls = 0;
        for (int n = 1; calls == 0; n++) {
            FailingHook hook = new FailingHook(n, forGood, "Input/output error");
            String call = "call " + n;
            Throwable thrown =
                    catchThrowable(() -> open(Durability.POWER_LOSS, hook).close());
            if (!hook.hasFailed()) {
                calls = n - 1;
            }
            if (thrown != null) {
                assertThat(thrown).as(call).isInstanceOf(EngineFailedException.class);
            }
            try (EngineDirectory directory = open()) {
                assertThat(directory.incarnation()).as(call).isGreaterThan(incarnation);
                incarnation = directory.incarnation();
                assertThat(directory.segments()).hasToString(isNew ? "" : "0");
            }
            if (isNew) {
                for (String name : content(data()).keySet()) {
                    Files.delete(data().resolve(name));
                }
                Files.delete(data());
                incarnation = 0;
            }
        }
        assertThat(calls).isGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"FORCE", "FORCE_DIRECTORY"})
    void shouldFailForGoodAfterAFailedForce(Operation failing) throws IOException {
        boolean[] fails = {false};
        FileHook hook = (operation, file) -> {
            if (fails[0] && operation == failing) {
                throw new IOException("Input/output error");
            }
        };
        EngineDirectory directory = open(Durability.POWER_LOSS, hook);
        add(directory);
        fails[0] = true;
        assertThatThrownBy(() -> directory.addSegment(1))
                .isInstanceOf(EngineFailedException.class)
                .hasMessageContaining("manifest cannot be kept");

        fails[0] = false;
        assertThatThrownBy(() -> directory.addSegment(1)).isInstanceOf(EngineFailedException.class);
        assertThatThrownBy(directory::nextQueueNumber).isInstanceOf(EngineFailedException.class);
        assertThatThrownBy(() -> directory.closeClean(0)).isInstanceOf(EngineFailedException.class);
        assertThatThrownBy(() -> open().openSegment(1)).isInstanceOf(EngineException.class);
    }

    @Test
    void shouldNotWriteIntoWhatTookItsPlace() throws IOException {
        EngineDirectory directory = open();
        add(directory);
        Files.move(data(), temporary.resolve("moved"));
        Files.createDirectory(data());
        Files.write(data().resolve("manifest"), CANARY);

        assertThatThrownBy(() -> directory.addSegment(1))
                .isInstanceOf(EngineFailedException.class)
                .hasMessageContaining("removed or replaced");
        assertThatThrownBy(() -> directory.closeClean(0)).isInstanceOf(EngineFailedException.class);
        assertThat(data().resolve("manifest")).hasBinaryContent(CANARY);
    }

    @Test
    void shouldBeGivenBackWhenItCannotBeClosedInOrder() throws IOException {
        boolean[] fails = {false};
        EngineDirectory directory = open(Durability.PROCESS_CRASH, (operation, file) -> {
            if (fails[0]) {
                throw new IOException("Input/output error");
            }
        });
        fails[0] = true;

        assertThatThrownBy(() -> directory.closeClean(0)).isInstanceOf(IOException.class);

        assertThat(open().wasClean()).isFalse();
    }
}
