package io.millrace.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void shouldAlignNamesToTheLeftAndNumbersToTheRight() {
        TextTable table =
                TextTable.withHeader("name", "rate").row("a-longer-name", "7").row("b", "1,234,567");

        assertThat(table.lines())
                .containsExactly(
                        "name                rate",
                        "-------------  ---------",
                        "a-longer-name          7",
                        "b              1,234,567");
    }

    @Test
    void shouldShowPairsWithoutHeader() {
        assertThat(TextTable.ofPairs().row("files", 12_345).row("note", "none").lines())
                .containsExactly("files  12,345", "note     none");
    }

    @Test
    void shouldRefuseARowOfAnotherLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextTable.withHeader("a", "b").row("c"))
                .withMessage("rows must be equally long: cells=1 first=2");
    }
}
