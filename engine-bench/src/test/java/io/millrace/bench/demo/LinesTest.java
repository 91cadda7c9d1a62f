package io.millrace.bench.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static List<String> lines(String content) {
        return Lines.of(content.getBytes(ISO_8859_1)).stream()
                .map(line -> new String(line, ISO_8859_1))
                .toList();
    }

    @Test
    void shouldKeepEveryKindOfLineBreakWithItsLine() {
        assertThat(lines("a\r\nb\n\n\rc\n")).containsExactly("a\r\n", "b\n", "\n", "\rc\n");
    }

    @Test
    void shouldTakeTheRestWithoutLineBreakForALine() {
        assertThat(lines("a\nb")).containsExactly("a\n", "b");
    }

    @Test
    void shouldFindNoLineInNothing() {
        assertThat(lines("")).isEmpty();
    }

    @Test
    void shouldNotMindBytesThatAreNoText() {
        assertThat(lines("\0\u00ff\n\u0080")).containsExactly("\0\u00ff\n", "\u0080");
    }
}
