package io.millrace.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void shouldChooseTheUnitThatFits() {
        assertThat(Figures.duration(870)).isEqualTo("0.87 us");
        assertThat(Figures.duration(12_400_000)).isEqualTo("12.40 ms");
        assertThat(Figures.duration(3_210_000_000L)).isEqualTo("3.21 s");
    }

    @Test
    void shouldSeparateThousands() {
        assertThat(Figures.count(1_234_567)).isEqualTo("1,234,567");
        assertThat(Figures.decimal(1234.567, 2)).isEqualTo("1,234.57");
    }
}
