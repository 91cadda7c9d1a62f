package io.millrace.bench.proof;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs legs one after the other. Confined to one thread; when that is interrupted, the processes are ended. */
public final class ProofRun {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long GENTLE_END_S = 5;

    /** What Maven prints for a module; the lines for single classes go on. */
    private static final Pattern TESTS =
            Pattern.compile(".*Tests run: (\\d+), Failures: \\d+, Errors: \\d+, Skipped: \\d+");

    private final Path home;
    private final ProofReport report;

    /** @param home where processes run */
    public ProofRun(Path home, ProofReport report) {
        this.home = home;
        this.report = report;
    }

    /**
     * Runs the legs; a failed one does not stop the rest.
     *
     * @throws InterruptedException if the thread was interrupted, with no process left
     */
    public void run(List<Leg> legs) throws InterruptedException {
        for (Leg leg : legs) {
            if (leg.canRun()) {
                run(leg);
            } else {
                report.notRun(leg.name() + ": " + leg.whyNot());
            }
        }
    }

    private void run(Leg leg) throws InterruptedException {
        long startNs = System.nanoTime();
        report.say("");
        report.say("== " + leg.name() + ": " + String.join(" ", leg.command()));
        ProcessBuilder builder =
                new ProcessBuilder(leg.command()).directory(home.toFile()).redirectErrorStream(true);
        builder.environment().putAll(leg.environment());
        AtomicLong tests = new AtomicLong();
        int exitCode;
        try {
            exitCode = await(builder.start(), tests);
        } catch (IOException e) {
            report.failed(leg, e.toString());
            return;
        }
        String took = (System.nanoTime() - startNs) / NS_PER_S + " s";
        if (exitCode == 0) {
            report.ok(leg, tests.get() > 0 ? tests.get() + " tests, " + took : took);
        } else {
            report.failed(leg, "exit code " + exitCode + ", " + took);
        }
    }

    private int await(Process process, AtomicLong tests) throws InterruptedException {
        Thread reader = new Thread(() -> read(process, tests), "millrace-proof-output");
        reader.setDaemon(true);
        reader.start();
        try {
            int exitCode = process.waitFor();
            reader.join();
            return exitCode;
        } catch (InterruptedException e) {
            end(process);
            throw e;
        }
    }

    private void read(Process process, AtomicLong tests) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher module = TESTS.matcher(line);
                if (module.matches()) {
                    tests.addAndGet(Long.parseLong(module.group(1)));
                }
                report.output(line);
            }
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Ends a process and all that it has started: first asks, then insists. */
    private static void end(Process process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        long untilNs = System.nanoTime() + GENTLE_END_S * NS_PER_S;
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(Math.max(1, untilNs - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (Exception e) {
                each.destroyForcibly(); // it did not listen, or there is no time to wait
            }
        }
    }
}
