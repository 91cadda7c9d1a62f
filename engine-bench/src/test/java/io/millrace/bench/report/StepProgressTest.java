package io.millrace.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class StepProgressTest {
    private final StringWriter out = new StringWriter();

    private void steps(boolean isInteractive) {
        try (StepProgress progress = StepProgress.of("job", 2, new PrintWriter(out, true), isInteractive)) {
            progress.step("first");
            progress.step("second");
        }
    }

    @Test
    void shouldPrintALineForEachStepWhereNobodyWatches() {
        steps(false);

        assertThat(out.toString().lines()).containsExactly("job: first", "job: second");
    }

    @Test
    void shouldFillABarWhereAPersonWatches() {
        steps(true);

        assertThat(out.toString()).contains("job 100%").doesNotContain("first");
    }
}
