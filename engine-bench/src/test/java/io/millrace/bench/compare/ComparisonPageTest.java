package io.millrace.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Durability;
import io.millrace.bench.run.Crew;
import io.millrace.bench.run.Measured;
import io.millrace.bench.run.Persistence;
import io.millrace.bench.run.QueueLoad;
import io.millrace.bench.run.Rounds;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonPageTest {
    private static final QueueLoad LOAD = new QueueLoad(64, Crew.of(1, 1, 8), 1_000, 0, 256);
    private static final Entrant OURS = new Entrant(Contestant.MILLRACE_RAW, LOAD, Persistence.inMemory());
    private static final Entrant PEER = new Entrant(Contestant.DISRUPTOR, LOAD, Persistence.inMemory());
    private static final Heat HEAT = new Heat("1P1C <fast> & loud", Durability.MEMORY, List.of(OURS, PEER));

    private static ComparedFigures figures(Entrant entrant, double rate, Map<Entrant, Ratio> ratios) {
        Measured measured = new Measured(rate, rate / 2, rate * 2, 1, 2, 0, 0, 0, 0, 0, 0);
        return new ComparedFigures(HEAT, entrant, new Rounds(0, 1), measured, ratios);
    }

    private static String page() throws IOException {
        StringWriter page = new StringWriter();
        ComparisonPage.write(
                Map.of("cores", "2"),
                List.of(figures(OURS, 3_000, Map.of(PEER, new Ratio(1.5, 1.25, 1.75))), figures(PEER, 2_000, Map.of())),
                List.of("a <note>"),
                page);
        return page.toString();
    }

    /** Fails when the build names another version of the library than the page looks for. */
    @Test
    void shouldCarryTheChartingLibrary() throws IOException {
        assertThat(page()).contains("window.Chart=").hasSizeGreaterThan(150_000);
    }

    @Test
    void shouldShowMedianAndRangeOfEach() throws IOException {
        assertThat(page())
                .contains("\"names\":[\"millrace-raw\",\"Disruptor\"]")
                .contains("\"medians\":[3000,2000]")
                .contains("\"ranges\":[[1500,6000],[1000,4000]]")
                .contains("\"ours\":[true,false]")
                .contains("<td>1.50 (1.25 to 1.75)</td>");
    }

    @Test
    void shouldShowTheMachineAndTheNotes() throws IOException {
        assertThat(page()).contains("<th>cores</th><td>2</td>").contains("<pre>a &lt;note&gt;</pre>");
    }

    @Test
    void shouldTakeTitlesForTextAndNotForMarkup() throws IOException {
        assertThat(page()).contains("<h2>1P1C &lt;fast&gt; &amp; loud</h2>").doesNotContain("<fast>");
    }
}
