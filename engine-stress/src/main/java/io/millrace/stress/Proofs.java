package io.millrace.stress;

import io.millrace.api.EngineClock;
import io.millrace.stress.Summary.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the longer proofs and ends with a non-zero code if one of them fails. Stateless.
 *
 * <pre>
 * io.millrace.stress.Proofs [--scale N] [--only explorer|mutants|jcstress|hammer|kill|leak|flags|corruption|images|full-disk|pid-1]...
 * </pre>
 *
 * <p>The scale multiplies how long or how often each proof tries; it is 1 unless given here or by {@code -Dproof.scale}.
 */
public final class Proofs {
    private static final int USAGE = 2;
    private static final long NS_PER_S = 1_000_000_000L;

    /** One proof; prints as it goes. */
    @FunctionalInterface
    private interface Proof {
        List<Summary> run(double scale) throws IOException, InterruptedException;
    }

    private static final Map<String, Proof> ALL = all();

    private Proofs() {}

    private static Map<String, Proof> all() {
        final Map<String, Proof> all = new LinkedHashMap<>();
        all.put("explorer", scale -> ExplorerProof.run());
        all.put("mutants", MutantProof::run);
        all.put("jcstress", JcstressProof::run);
        all.put("hammer", HammerProof::run);
        all.put("kill", KillProof::run);
        all.put("leak", LeakProof::run);
        all.put("flags", scale -> FlagProof.run());
        all.put("corruption", CorruptionProof::run);
        all.put("images", ImagesProof::run);
        all.put("full-disk", FullDiskProof::run);
        all.put("pid-1", ProcessOneProof::run);
        return all;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        double scale = Double.parseDouble(System.getProperty("proof.scale", "1"));
        final List<String> chosen = new ArrayList<>();
        for (int i = 0; i < args.length; i += 2) {
            final String value = i + 1 < args.length ? args[i + 1] : "";
            if (args[i].equals("--scale") && isScale(value)) {
                scale = Double.parseDouble(value);
            } else if (args[i].equals("--only") && ALL.containsKey(value)) {
                chosen.add(value);
            } else {
                System.err.println("usage: Proofs [--scale N] [--only " + String.join("|", ALL.keySet()) + "]...");
                System.exit(USAGE);
            }
        }
        Runtime.getRuntime().addShutdownHook(new Thread(Proofs::endChildren, "end-children"));
        System.exit(run(chosen.isEmpty() ? List.copyOf(ALL.keySet()) : chosen, scale) ? 0 : 1);
    }

    /** Whoever ends this JVM ends those that it has started. */
    private static void endChildren() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
    }

    private static boolean isScale(String text) {
        try {
            return Double.parseDouble(text) > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean run(List<String> names, double scale) throws IOException, InterruptedException {
        final List<String> report = new ArrayList<>();
        boolean failed = false;
        int notRun = 0;
        for (String name : names) {
            System.out.println("== proof " + name);
            final long startNs = EngineClock.system().monotonicNs();
            final @Nullable Proof proof = ALL.get(name);
            final List<Summary> summaries = proof == null ? List.of() : proof.run(scale);
            final long tookS = (EngineClock.system().monotonicNs() - startNs) / NS_PER_S;
            for (Summary summary : summaries) {
                failed |= summary.verdict() == Verdict.FAILED;
                notRun += summary.verdict() == Verdict.NOT_RUN ? 1 : 0;
                report.add(summary.toString());
            }
            report.add(name + ": " + tookS + " s");
        }
        System.out.println("== summary, scale " + scale);
        report.forEach(System.out::println);
        System.out.println("not run: " + notRun);
        System.out.println(failed ? "proofs: FAILED" : "proofs: OK");
        return !failed;
    }
}
