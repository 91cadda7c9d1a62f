package io.millrace.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That every benchmark runs to its end; not how fast. */
@Timeout(60)
class JmhRunTest {
    private static final JmhRun SMOKE = new JmhRun(0, 0, 1, 2);

    /** Another JMH on this machine does not matter when no figure does. */
    @BeforeAll
    static void runBesideOthers() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    static Stream<String> benchmarks() {
        return JmhRun.find(List.of()).stream();
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void shouldRun(String benchmark) {
        List<JmhFigures> figures = SMOKE.run(benchmark, one -> {});

        assertThat(figures).isNotEmpty().allSatisfy(one -> {
            assertThat(one.benchmark()).isEqualTo(benchmark);
            assertThat(one.nsPerOp()).isPositive();
            assertThat(one.allocatedBytesPerOp()).isNotNegative();
        });
    }

    @ParameterizedTest
    @MethodSource("structures")
    void shouldHaveABenchmarkOfEachHotStructureAndTier(String structure) {
        assertThat(JmhRun.find(List.of(Pattern.compile("\\." + structure + "Benchmark\\."))))
                .isNotEmpty();
    }

    static Stream<String> structures() {
        return Stream.of(
                "ControlWord",
                "RecordLog",
                "Directory",
                "DeadlineTree",
                "OperationGate",
                "BlockPool",
                "Waiters",
                "Receipts",
                "RawTier",
                "HeapTier");
    }

    @Test
    void shouldFindWhatAPatternNames() {
        assertThat(JmhRun.find(List.of(Pattern.compile("RawTier"), Pattern.compile("sendReceiveAck$"))))
                .allMatch(name -> name.contains("RawTier") || name.endsWith("HeapTierBenchmark.sendReceiveAck"))
                .hasSizeGreaterThan(2);
    }
}
