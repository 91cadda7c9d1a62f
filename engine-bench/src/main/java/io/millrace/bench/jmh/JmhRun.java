package io.millrace.bench.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH benchmarks with {@code -prof gc}, one after the other. Immutable.
 *
 * @param forks JVMs for each benchmark; 0 runs it in this one, which is good for a test and not for a figure
 * @param warmups iterations before the first one that counts
 * @param iterations that count, in each fork
 * @param timeMs of each iteration
 */
public record JmhRun(int forks, int warmups, int iterations, int timeMs) {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    /** Hears of every benchmark that is over. */
    @FunctionalInterface
    public interface Listener {
        void onFigures(JmhFigures figures);
    }

    /** Names of the benchmarks, in order, in which one of the patterns is found; all of them without patterns. */
    public static List<String> find(Collection<Pattern> patterns) {
        return BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
                .stream()
                .map(BenchmarkListEntry::getUsername)
                .filter(name -> patterns.isEmpty()
                        || patterns.stream()
                                .anyMatch(pattern -> pattern.matcher(name).find()))
                .toList();
    }

    /**
     * Runs a benchmark, with all values of its parameters.
     *
     * @param name one of those that {@link #find} gives
     * @throws IllegalStateException if it failed
     */
    public List<JmhFigures> run(String name, Listener listener) {
        List<JmhFigures> figures = new ArrayList<>();
        for (RunResult result : results(name)) {
            JmhFigures one = toFigures(result);
            listener.onFigures(one);
            figures.add(one);
        }
        return figures;
    }

    private Collection<RunResult> results(String name) {
        Options options = new OptionsBuilder()
                .include("^" + Pattern.quote(name) + "$")
                .forks(forks)
                .warmupIterations(warmups)
                .warmupTime(TimeValue.milliseconds(timeMs))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(timeMs))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        try {
            return new Runner(options).run();
        } catch (RunnerException e) {
            throw new IllegalStateException("a benchmark failed: name=" + name, e);
        }
    }

    private static JmhFigures toFigures(RunResult result) {
        BenchmarkParams params = result.getParams();
        Map<String, String> chosen = new TreeMap<>();
        params.getParamsKeys().forEach(key -> chosen.put(key, params.getParam(key)));
        return new JmhFigures(
                params.getBenchmark(),
                chosen,
                result.getPrimaryResult().getScore(),
                result.getPrimaryResult().getScoreError(),
                allocated(result));
    }

    private static double allocated(RunResult result) {
        for (String key : result.getSecondaryResults().keySet()) {
            if (key.endsWith(ALLOCATED)) {
                return result.getSecondaryResults().get(key).getScore();
            }
        }
        throw new IllegalStateException("the profiler gave no " + ALLOCATED + ": name="
                + result.getParams().getBenchmark());
    }
}
