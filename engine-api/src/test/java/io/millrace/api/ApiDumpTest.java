package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Makes every change of the exported API visible in a review: it is rendered to a file that is kept beside the sources.
 * After a change on purpose run the tests with {@code -Dapi.update} and commit the file.
 */
class ApiDumpTest {
    private static final Path KEPT = Sources.file("api/engine-api.txt");

    @Test
    void shouldEqualTheApiThatWasAgreedUpon() throws IOException {
        String rendered = ApiDump.render(ExportedTypes.all());

        if (System.getProperty("api.update") != null) {
            Files.createDirectories(KEPT.getParent());
            Files.writeString(KEPT, rendered);
        }

        assertThat(rendered)
                .as("the exported API; if the change is on purpose, run the tests with -Dapi.update")
                .isEqualToNormalizingNewlines(Files.readString(KEPT));
    }
}
