package io.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each Java block of a page equals a tagged region of a class that runs. */
class ReadmeSnippetsTest {
    private static final Pattern IN_PAGE =
            Pattern.compile("<!-- snippet: ([a-z-]+) -->\\n```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_SOURCE = Pattern.compile("// snippet: ([a-z-]+)\\n(.*?)// end", Pattern.DOTALL);
    private static final Path EXAMPLES = Path.of("src/test/java/io/millrace/examples");

    @ParameterizedTest
    @CsvSource({"README.md, ReadmeExamplesTest.java", "docs/GUARANTEES.md, MicrometerMetrics.java"})
    void shouldShowOnlyCodeThatRuns(String page, String source) throws IOException {
        String text = Files.readString(Path.of("..").resolve(page));
        Map<String, String> shown = regions(IN_PAGE, text);

        assertThat(shown).isNotEmpty().isEqualTo(regions(IN_SOURCE, Files.readString(EXAMPLES.resolve(source))));
        assertThat(text.split("```java", -1)).as("blocks without a tag").hasSize(shown.size() + 1);
    }

    @Test
    void shouldFitOnOnePage() throws IOException {
        assertThat(Files.readAllLines(Path.of("../README.md"))).hasSizeLessThanOrEqualTo(150);
    }

    /** Regions by name, all white space folded, and without the argument that only the test passes on. */
    private static Map<String, String> regions(Pattern pattern, String text) {
        Map<String, String> regions = new LinkedHashMap<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            String code = matcher.group(2).replace(", processed)", ")").replace(", shipped)", ")");
            regions.put(
                    matcher.group(1),
                    code.replaceAll("\\s+", " ")
                            .replace("( ", "(")
                            .replace(" .", ".")
                            .trim());
        }
        return regions;
    }
}
